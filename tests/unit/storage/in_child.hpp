// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

namespace chartmuseum {

/// Runs `work` in a child process, in which it may lose privileges, mount and break things, and
/// returns what it returned, or "(died)". The caller must have no threads of its own running:
/// threads and fork() do not mix.
std::string in_child(const std::function<std::string()>& work);

// For the child. Each is false where the system does not let us.

/// Becomes the user nobody.
bool become_nobody();
/// Has mounts of its own, as the root of its own user namespace if need be.
bool have_own_mounts();
/// Mounts a new file system of memory.
bool mount_memory(const std::string& folder, const std::string& options, bool read_only = false);
/// Lets a system call fail from now on, in all threads to come: those calls whose argument
/// `argument` is not 0, or all for a negative one.
bool break_system_call(long number, int error, int argument = -1);

}  // namespace chartmuseum

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <map>
#include <string>
#include <sys/types.h>
#include <vector>

namespace chartmuseum::test {

/// A real server for tests, started by a launcher of tests/servers and ended by the destructor.
/// Should the test die, the launcher sees its standard input end and takes the server down.
///
/// Starting one takes seconds: once per test binary, in a function's static.
///
///     const auto& server() {
///       static const auto started = ServerProcess::start("s3rver");
///       return started;
///     }
///     ...
///     if (!server()) GTEST_SKIP() << server().error();
///     endpoint = server()->fact("url");
class ServerProcess {
 public:
  /// Runs tests/servers/<name>.py and waits until the server answers. The error
  /// says why it cannot be had on this machine; throws std::runtime_error, with what the launcher
  /// said, where it can be had and does not start.
  static std::expected<ServerProcess, std::string> start(
      const std::string& name, const std::vector<std::string>& options = {});

  ServerProcess(ServerProcess&& other) noexcept;
  ServerProcess& operator=(ServerProcess&&) = delete;
  ~ServerProcess();

  /// What the launcher tells of its server: "url", "bucket", "access_key" ... (its first lines list
  /// them). Throws std::out_of_range for what it does not tell.
  [[nodiscard]] const std::string& fact(const std::string& name) const;

 private:
  ServerProcess(pid_t process, int input) : process_(process), input_(input) {}

  pid_t process_;
  int input_;  // open as long as the server is wanted
  std::map<std::string, std::string> facts_;
};

}  // namespace chartmuseum::test

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dirent.h>
#include <memory>

namespace chartmuseum::storage {

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

/// A folder that is being read.
using OpenFolder = std::unique_ptr<DIR, CloseFolder>;

}  // namespace chartmuseum::storage

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/file_descriptor.hpp"
#include "base/timestamp.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::api {

/// A regular file of --web-template-path, open for reading.
struct LocalFile {
  std::shared_ptr<const FileDescriptor> descriptor;
  std::uint64_t size = 0;
  Timestamp modified;
  std::string etag;  // without quotes
};

/// Opens `name`, a relative path, in `folder`. Links are followed as long as what they lead to
/// lies in `folder` itself (Kubernetes mounts files that way); nothing for anything else: absent,
/// a folder, a device, outside. May block.
[[nodiscard]] std::optional<LocalFile> open_below(const std::filesystem::path& folder,
                                                  const std::string& name);

/// From the file's extension; application/octet-stream if it is unknown.
[[nodiscard]] std::string_view content_type_of(std::string_view file_name);

}  // namespace chartmuseum::api

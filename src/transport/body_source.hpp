// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/file_descriptor.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace chartmuseum::transport {

/// The bytes of a request's body. They are read by place, so that a request can be sent again. Read
/// on the client's thread, by one request at a time or by several at once: implementations keep no
/// state, and wait for nothing slower than the page cache.
class BodySource {
 public:
  virtual ~BodySource() = default;
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  /// Reads some of what stands at `offset`, which is below size(), and says how many bytes: at
  /// least one. Nothing if they cannot be read.
  [[nodiscard]] virtual std::optional<std::size_t> read(std::uint64_t offset,
                                                        std::span<char> into) const = 0;
};

[[nodiscard]] std::shared_ptr<const BodySource> body_of(std::string bytes);
[[nodiscard]] std::shared_ptr<const BodySource> body_of(std::shared_ptr<const std::string> bytes);
/// `bytes` must stay valid until the task that sends the request has ended; they are not looked at
/// afterwards, also if it was cancelled.
[[nodiscard]] std::shared_ptr<const BodySource> borrowed_body(std::string_view bytes);
/// `size` bytes of a regular file, from `offset` on.
[[nodiscard]] std::shared_ptr<const BodySource> body_of_file(
    std::shared_ptr<const FileDescriptor> file, std::uint64_t offset, std::uint64_t size);

}  // namespace chartmuseum::transport

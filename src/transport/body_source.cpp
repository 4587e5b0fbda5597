// SPDX-License-Identifier: Apache-2.0
#include "transport/body_source.hpp"

#include <algorithm>
#include <cerrno>
#include <unistd.h>
#include <utility>

namespace chartmuseum::transport {
namespace {

class MemoryBody : public BodySource {
 public:
  MemoryBody(std::shared_ptr<const std::string> owner, std::string_view bytes)
      : owner_(std::move(owner)), bytes_(bytes) {}

  [[nodiscard]] std::uint64_t size() const override { return bytes_.size(); }
  [[nodiscard]] std::optional<std::size_t> read(std::uint64_t offset,
                                                std::span<char> into) const override {
    return bytes_.copy(into.data(), into.size(), offset);
  }

 private:
  std::shared_ptr<const std::string> owner_;
  std::string_view bytes_;
};

class FileBody : public BodySource {
 public:
  FileBody(std::shared_ptr<const FileDescriptor> file, std::uint64_t offset, std::uint64_t size)
      : file_(std::move(file)), offset_(offset), size_(size) {}

  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] std::optional<std::size_t> read(std::uint64_t offset,
                                                std::span<char> into) const override {
    const std::size_t wanted = std::min<std::uint64_t>(into.size(), size_ - offset);
    for (;;) {
      const ssize_t count =
          ::pread(file_->get(), into.data(), wanted, static_cast<off_t>(offset_ + offset));
      if (count > 0) return static_cast<std::size_t>(count);
      if (count == 0 || errno != EINTR) return std::nullopt;  // 0: somebody has cut the file
    }
  }

 private:
  std::shared_ptr<const FileDescriptor> file_;
  std::uint64_t offset_;
  std::uint64_t size_;
};

}  // namespace

std::shared_ptr<const BodySource> body_of(std::string bytes) {
  return body_of(std::make_shared<const std::string>(std::move(bytes)));
}

std::shared_ptr<const BodySource> body_of(std::shared_ptr<const std::string> bytes) {
  const std::string_view view = *bytes;
  return std::make_shared<const MemoryBody>(std::move(bytes), view);
}

std::shared_ptr<const BodySource> borrowed_body(std::string_view bytes) {
  return std::make_shared<const MemoryBody>(nullptr, bytes);
}

std::shared_ptr<const BodySource> body_of_file(std::shared_ptr<const FileDescriptor> file,
                                               std::uint64_t offset, std::uint64_t size) {
  return std::make_shared<const FileBody>(std::move(file), offset, size);
}

}  // namespace chartmuseum::transport

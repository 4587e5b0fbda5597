// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/small_file.hpp"

#include "base/file_descriptor.hpp"

#include <cstddef>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace chartmuseum::storage::amazon {

std::optional<std::string> read_small_file(const std::string& path) {
  constexpr std::size_t kLargest = 1024UL * 1024;
  // Non-blocking: a FIFO must not hold up the thread.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status{};
  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  std::string bytes(kLargest + 1, '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t count = ::read(file.get(), bytes.data() + size, bytes.size() - size);
    if (count < 0) return std::nullopt;
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  if (size > kLargest) return std::nullopt;
  bytes.resize(size);
  return bytes;
}

}  // namespace chartmuseum::storage::amazon

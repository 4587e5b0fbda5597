// SPDX-License-Identifier: Apache-2.0
#include "storage/remote/small_file.hpp"

#include "base/file_descriptor.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace chartmuseum::storage {

std::expected<std::string, std::string> read_small_file(const std::string& path,
                                                        std::size_t limit) {
  const auto failed = [&path] {
    return std::unexpected("cannot read " + path + ": " + std::generic_category().message(errno));
  };
  // A FIFO would not be opened before somebody writes to it.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) return failed();
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return failed();
  if (!S_ISREG(status.st_mode)) return std::unexpected(path + " is no regular file");
  std::string text(limit + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(file.get(), text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed();
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > limit) return std::unexpected(path + " is larger than such a file can be");
  text.resize(size);
  return text;
}

}  // namespace chartmuseum::storage

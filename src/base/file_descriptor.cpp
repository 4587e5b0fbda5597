// SPDX-License-Identifier: Apache-2.0
#include "base/file_descriptor.hpp"

#include <unistd.h>

namespace chartmuseum {

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    reset();
    descriptor_ = std::exchange(other.descriptor_, -1);
  }
  return *this;
}

void FileDescriptor::reset() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

}  // namespace chartmuseum

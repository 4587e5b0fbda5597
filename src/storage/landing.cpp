// SPDX-License-Identifier: Apache-2.0
#include "storage/landing.hpp"

#include <algorithm>

namespace chartmuseum::storage {

Result<void> MemoryLanding::append(std::string_view piece) {
  // No iterator or reference of the others is touched: they read what is before.
  std::ranges::copy(piece, bytes_->data() + filled_);
  filled_ += piece.size();
  return {};
}

Task<Result<std::string>> MemoryLanding::read(std::uint64_t at, std::size_t size) {
  co_return std::string(bytes_->data() + at, size);
}

}  // namespace chartmuseum::storage

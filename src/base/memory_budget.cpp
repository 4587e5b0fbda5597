// SPDX-License-Identifier: Apache-2.0
#include "base/memory_budget.hpp"

namespace chartmuseum {

bool MemoryBudget::take(std::uint64_t bytes) {
  std::uint64_t left = left_.load(std::memory_order_relaxed);
  while (left >= bytes) {
    if (left_.compare_exchange_weak(left, left - bytes, std::memory_order_relaxed)) return true;
  }
  return false;
}

bool MemoryShare::grow(std::uint64_t bytes) {
  if (!budget_->take(bytes)) return false;
  bytes_ += bytes;
  return true;
}

void MemoryShare::give_back() {
  budget_->give_back(std::exchange(bytes_, 0));
}

}  // namespace chartmuseum

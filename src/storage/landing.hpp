// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "storage/failure.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace chartmuseum::storage {

/// Where an object's bytes are put as they arrive. One appends; meanwhile, and afterwards, many
/// read what has been appended.
class Landing {
 public:
  virtual ~Landing() = default;
  /// May block. What is appended in all never exceeds the size that this was made for.
  virtual Result<void> append(std::string_view piece) = 0;
  /// `size` bytes, of which all have been appended.
  virtual Task<Result<std::string>> read(std::uint64_t at, std::size_t size) = 0;
};

/// In memory of the object's size.
class MemoryLanding final : public Landing {
 public:
  explicit MemoryLanding(std::shared_ptr<std::string> bytes) : bytes_(std::move(bytes)) {}
  Result<void> append(std::string_view piece) override;
  Task<Result<std::string>> read(std::uint64_t at, std::size_t size) override;

 private:
  std::shared_ptr<std::string> bytes_;
  std::size_t filled_ = 0;  // for append() alone
};

}  // namespace chartmuseum::storage

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/memory_budget.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace chartmuseum::http {

/// How much may be kept in memory: by one request, and by all of them together.
struct SpoolMemory {
  std::uint64_t own = 0;
  std::shared_ptr<MemoryBudget> shared;  // never null
};

/// Bytes of a request that were kept: small ones in memory, large ones in a nameless temporary
/// file (in TMPDIR, else /tmp) that is mapped for reading, so that many large uploads cost disk,
/// not memory. One thread at a time.
class Spool {
 public:
  /// Up to `memory.own` bytes stay in memory, as long as the others leave some; what is taken of
  /// `memory.shared` is given back with the bytes.
  explicit Spool(SpoolMemory memory);
  ~Spool();
  Spool(Spool&&) noexcept;
  Spool& operator=(Spool&&) noexcept;

  /// False if the temporary file could not be written (no space); the spool is then of no use.
  [[nodiscard]] bool append(std::string_view bytes);
  /// All bytes; valid as long as the spool lives and nothing is appended. Throws
  /// std::system_error if the file cannot be mapped.
  [[nodiscard]] std::string_view view() const;

  [[nodiscard]] std::uint64_t size() const;
  /// Whether the bytes are in memory still.
  [[nodiscard]] bool in_memory() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chartmuseum::http

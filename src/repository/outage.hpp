// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "repository/refusal.hpp"
#include "repository/tenant.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace chartmuseum::repository {

/// How long to wait after so many failures in a row (1: the first): doubled each time.
[[nodiscard]] std::chrono::nanoseconds retry_delay(std::size_t failures,
                                                   std::chrono::nanoseconds first,
                                                   std::chrono::nanoseconds last);

/// A time in which the storage cannot be read: says so in the log when it begins, again at growing
/// distances, and when it is over. On the tenant's strand.
class Outage {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Outage(const Tenant& tenant) : tenant_(tenant) {}

  /// The storage was asked at `when` and failed.
  void failed(Refused why, Clock::time_point when = Clock::now());
  /// It was asked and did not.
  void ended(Clock::time_point when = Clock::now());

  /// The last failure; nothing while there is no outage.
  [[nodiscard]] const std::optional<Refused>& reason() const { return reason_; }
  /// When to ask again, counted from the last failure.
  [[nodiscard]] std::chrono::nanoseconds retry_after() const;

 private:
  const Tenant& tenant_;
  std::optional<Refused> reason_;
  std::size_t failures_ = 0;  // in a row
  Clock::time_point began_;
  Clock::time_point next_line_;
  Clock::duration between_lines_{};
};

}  // namespace chartmuseum::repository

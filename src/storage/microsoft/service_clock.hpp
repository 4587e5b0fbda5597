// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transport/message.hpp"

#include <atomic>
#include <chrono>
#include <functional>

namespace chartmuseum::storage::microsoft {

/// The service's clock, as far as its answers tell: it refuses requests whose date is more than 15
/// minutes from its own. Thread-safe.
class ServiceClock {
 public:
  using Now = std::function<std::chrono::system_clock::time_point()>;

  explicit ServiceClock(Now now = std::chrono::system_clock::now) : now_(std::move(now)) {}

  [[nodiscard]] std::chrono::sys_seconds now() const;
  /// Whether the answer's date is so far from now() that it explains a refusal. If so, now() is the
  /// service's from here on.
  bool corrected_by(const transport::Response& answer);
  /// By how much the service is ahead of this machine.
  [[nodiscard]] std::chrono::seconds ahead() const { return std::chrono::seconds(ahead_.load()); }

 private:
  const Now now_;
  std::atomic<std::chrono::seconds::rep> ahead_ = 0;
};

}  // namespace chartmuseum::storage::microsoft

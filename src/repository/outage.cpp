// SPDX-License-Identifier: Apache-2.0
#include "repository/outage.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

namespace chartmuseum::repository {

namespace {

constexpr std::chrono::seconds kFirstGapInLog{15};
constexpr std::chrono::hours kLastGapInLog{1};

std::int64_t seconds_between(Outage::Clock::time_point begin, Outage::Clock::time_point end) {
  return std::chrono::duration_cast<std::chrono::seconds>(end - begin).count();
}

}  // namespace

std::chrono::nanoseconds retry_delay(std::size_t failures, std::chrono::nanoseconds first,
                                     std::chrono::nanoseconds last) {
  std::chrono::nanoseconds delay = first;
  for (std::size_t i = 1; i < failures && delay < last; ++i) delay *= 2;
  return std::min(delay, last);
}

void Outage::failed(Refused why, Clock::time_point when) {
  ++failures_;
  const bool begins = !reason_;
  reason_ = std::move(why);
  const std::string_view repo(tenant_.name);
  const std::string_view error(reason_->detail);
  if (begins) {
    began_ = when;
    between_lines_ = kFirstGapInLog;
    next_line_ = when + between_lines_;
    tenant_.log.error("Storage could not be read", {{"repo", repo}, {"error", error}});
  } else if (when >= next_line_) {
    between_lines_ = std::min<Clock::duration>(2 * between_lines_, kLastGapInLog);
    next_line_ = when + between_lines_;
    tenant_.log.error(
        "Storage still cannot be read",
        {{"repo", repo}, {"error", error}, {"for_seconds", seconds_between(began_, when)}});
  }
}

void Outage::ended(Clock::time_point when) {
  if (!reason_) return;
  tenant_.log.info("Storage can be read again", {{"repo", std::string_view(tenant_.name)},
                                                 {"after_seconds", seconds_between(began_, when)}});
  reason_.reset();
  failures_ = 0;
}

std::chrono::nanoseconds Outage::retry_after() const {
  return retry_delay(failures_, tenant_.settings.first_retry, tenant_.settings.last_retry);
}

}  // namespace chartmuseum::repository

// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/service_clock.hpp"

#include "base/http_date.hpp"

namespace chartmuseum::storage::microsoft {

std::chrono::sys_seconds ServiceClock::now() const {
  return std::chrono::floor<std::chrono::seconds>(now_()) + ahead();
}

bool ServiceClock::corrected_by(const transport::Response& answer) {
  constexpr std::chrono::minutes kNoteworthy{5};
  const auto text = answer.headers.get("date");
  const auto date = text ? parse_http_date(*text) : std::nullopt;
  if (!date) return false;
  const auto difference = *date - now();
  if (std::chrono::abs(difference) < kNoteworthy) return false;
  ahead_ = (*date - std::chrono::floor<std::chrono::seconds>(now_())).count();
  return true;
}

}  // namespace chartmuseum::storage::microsoft

// SPDX-License-Identifier: Apache-2.0
#include "http/accept_encoding.hpp"

#include "http/syntax.hpp"

#include <charconv>
#include <optional>
#include <string_view>

namespace chartmuseum::http {

namespace {

/// The weight of "gzip;q=0.5"; one if it has none, zero if it is malformed.
double weight_of(std::string_view parameters) {
  parameters = trim(parameters);
  if (parameters.empty()) return 1;
  if (!parameters.starts_with(';')) return 0;
  const std::string_view parameter = trim(parameters.substr(1));
  if (!equal_ignoring_case(parameter.substr(0, 2), "q=")) return 0;
  const std::string_view digits = parameter.substr(2);
  double weight = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), weight,
                                            std::chars_format::fixed);
  const bool valid = error == std::errc() && end == digits.data() + digits.size();
  return valid && weight >= 0 && weight <= 1 ? weight : 0;
}

}  // namespace

bool accepts_gzip(const Headers& request) {
  std::optional<double> gzip;
  std::optional<double> any;
  double identity = 0;
  for (const auto& [field, value] : request.fields()) {
    if (!equal_ignoring_case(field, "Accept-Encoding")) continue;
    std::string_view list = value;
    while (const auto element = take_list_element(list)) {
      const std::size_t end = element->find_first_of("; \t");
      const std::string_view coding = element->substr(0, end);
      const double weight =
          weight_of(end == std::string_view::npos ? std::string_view() : element->substr(end));
      if (equal_ignoring_case(coding, "gzip") || equal_ignoring_case(coding, "x-gzip")) {
        gzip = weight;
      } else if (coding == "*") {
        any = weight;
      } else if (equal_ignoring_case(coding, "identity")) {
        identity = weight;
      }
    }
  }
  const double weight = gzip ? *gzip : any.value_or(0);
  return weight > 0 && weight >= identity;
}

}  // namespace chartmuseum::http

// SPDX-License-Identifier: Apache-2.0
#include "http/conditional.hpp"

#include "base/http_date.hpp"
#include "http/syntax.hpp"

#include <charconv>

namespace chartmuseum::http {

namespace {

bool is_weak(std::string_view tag) {
  return tag.starts_with("W/");
}

std::string_view opaque(std::string_view tag) {
  return is_weak(tag) ? tag.substr(2) : tag;
}

enum class Comparison { strong, weak };  // RFC 9110, 8.8.3.2

bool same_tag(std::string_view a, std::string_view b, Comparison comparison) {
  if (comparison == Comparison::strong && (is_weak(a) || is_weak(b))) return false;
  return opaque(a) == opaque(b);
}

/// Whether "*" or a tag in any of the request's lists of that name fits. An absent tag fits "*"
/// only: the representation is there.
bool any_fits(const Headers& request, std::string_view name, std::optional<std::string_view> tag,
              Comparison comparison) {
  for (const auto& [field, value] : request.fields()) {
    if (!equal_ignoring_case(field, name)) continue;
    std::string_view list = value;
    while (const auto element = take_list_element(list)) {
      if (*element == "*" || (tag && same_tag(*element, *tag, comparison))) return true;
    }
  }
  return false;
}

/// Whether the representation changed after the request's date; nothing if either is unknown.
std::optional<bool> modified_since(const Headers& request, std::string_view name,
                                   const Headers& response) {
  const auto since = request.get(name);
  const auto modified = response.get("Last-Modified");
  if (!since || !modified) return std::nullopt;
  if (*since == *modified) return false;
  const auto since_date = parse_http_date(*since);
  const auto modified_date = parse_http_date(*modified);
  if (!since_date || !modified_date) return std::nullopt;
  return *modified_date > *since_date;
}

std::optional<std::uint64_t> number(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc::result_out_of_range) return UINT64_MAX;
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

bool if_range_fits(const Headers& request, const Headers& response) {
  const auto condition = request.get("If-Range");
  if (!condition) return true;
  if (condition->starts_with('"') || is_weak(*condition)) {
    const auto tag = response.get("ETag");
    return tag && same_tag(*condition, *tag, Comparison::strong);
  }
  // A date fits only exactly (RFC 9110, 13.1.5).
  const auto date = parse_http_date(*condition);
  const auto modified = response.get("Last-Modified");
  return date && modified && parse_http_date(*modified) == date;
}

}  // namespace

Precondition evaluate(const Headers& request, const Headers& response) {
  const auto tag = response.get("ETag");
  if (request.get("If-Match")) {
    if (!any_fits(request, "If-Match", tag, Comparison::strong)) return Precondition::failed;
  } else if (modified_since(request, "If-Unmodified-Since", response).value_or(false)) {
    return Precondition::failed;
  }
  if (request.get("If-None-Match")) {
    const bool fits = any_fits(request, "If-None-Match", tag, Comparison::weak);
    return fits ? Precondition::not_modified : Precondition::holds;
  }
  const bool modified = modified_since(request, "If-Modified-Since", response).value_or(true);
  return modified ? Precondition::holds : Precondition::not_modified;
}

std::variant<WholeBody, ByteRange, Unsatisfiable> select_range(const Headers& request,
                                                               const Headers& response,
                                                               std::uint64_t size) {
  const auto field = request.get("Range");
  constexpr std::string_view kUnit = "bytes=";
  if (!field || !equal_ignoring_case(field->substr(0, kUnit.size()), kUnit)) return WholeBody{};
  std::string_view list = field->substr(kUnit.size());
  const auto range = take_list_element(list);
  if (!range || take_list_element(list)) return WholeBody{};
  const std::size_t dash = range->find('-');
  if (dash == std::string_view::npos) return WholeBody{};

  const std::string_view first_digits = range->substr(0, dash);
  const std::string_view last_digits = range->substr(dash + 1);
  ByteRange selected;
  if (first_digits.empty()) {
    const auto suffix = number(last_digits);
    if (!suffix) return WholeBody{};
    if (!if_range_fits(request, response)) return WholeBody{};
    if (*suffix == 0 || size == 0) return Unsatisfiable{};
    selected.length = std::min(*suffix, size);
    selected.first = size - selected.length;
    return selected;
  }
  const auto first = number(first_digits);
  const auto last = last_digits.empty() ? UINT64_MAX : number(last_digits);
  if (!first || !last || *last < *first) return WholeBody{};
  if (!if_range_fits(request, response)) return WholeBody{};
  if (*first >= size) return Unsatisfiable{};
  selected.first = *first;
  selected.length = std::min(*last, size - 1) - *first + 1;
  return selected;
}

}  // namespace chartmuseum::http

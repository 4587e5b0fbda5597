// SPDX-License-Identifier: Apache-2.0
#include "http/target.hpp"

#include "http/syntax.hpp"

#include <algorithm>

namespace chartmuseum::http {

namespace {

/// As forms are sent: a "+" is a space.
std::optional<std::string> decode_form_text(std::string_view raw) {
  std::string text(raw);
  std::ranges::replace(text, '+', ' ');
  return percent_decode(text);
}

bool allowed(std::string_view segment) {
  return !segment.empty() && segment != "." && segment != ".." &&
         segment.find_first_of(std::string_view("\0/\\", 3)) == std::string_view::npos;
}

/// Cuts scheme and authority off an absolute form.
std::string_view path_and_query(std::string_view raw) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equal_ignoring_case(raw.substr(0, scheme.size()), scheme)) continue;
    raw.remove_prefix(scheme.size());
    raw.remove_prefix(std::min(raw.find_first_of("/?"), raw.size()));
    return raw.empty() ? "/" : raw;
  }
  return raw;
}

}  // namespace

std::optional<Target> Target::parse(std::string_view raw) {
  raw = path_and_query(raw);
  const std::size_t question = std::min(raw.find('?'), raw.size());
  std::string_view path = raw.substr(0, question);
  std::string_view query = raw.substr(std::min(question + 1, raw.size()));
  if (path.empty() || path.front() != '/') return std::nullopt;
  path.remove_prefix(1);

  Target target;
  if (!path.empty() && path.back() == '/') {
    target.trailing_slash_ = true;
    path.remove_suffix(1);
    if (path.empty()) return std::nullopt;  // "//"
  }
  target.path_.reserve(path.size() + 2);
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    auto segment = percent_decode(path.substr(0, slash));
    if (!segment || !allowed(*segment)) return std::nullopt;
    target.path_ += '/';
    target.path_ += *segment;
    target.segments_.push_back(std::move(*segment));
    if (slash + 1 == path.size()) return std::nullopt;  // "a//"
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  if (target.trailing_slash_ || target.path_.empty()) target.path_ += '/';

  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = decode_form_text(pair.substr(0, equals));
    auto value = decode_form_text(pair.substr(std::min(equals + 1, pair.size())));
    if (name && value) target.query_.emplace_back(std::move(*name), std::move(*value));
  }
  return target;
}

std::optional<std::string_view> Target::query(std::string_view name) const {
  for (const auto& [key, value] : query_) {
    if (key == name) return value;
  }
  return std::nullopt;
}

}  // namespace chartmuseum::http

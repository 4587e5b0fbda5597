// SPDX-License-Identifier: Apache-2.0
#include "http/header_parameters.hpp"

#include "http/syntax.hpp"

#include <algorithm>

namespace chartmuseum::http {

namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return result;
}

std::string_view take_token(std::string_view& rest) {
  const auto end = std::ranges::find_if_not(rest, is_token_character);
  const auto token = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
  rest.remove_prefix(token.size());
  return token;
}

/// A quoted string without its quotes; `rest` starts at the opening one.
std::optional<std::string> take_quoted(std::string_view& rest) {
  std::string text;
  for (std::size_t i = 1; i < rest.size(); ++i) {
    const char c = rest[i];
    if (c == '"') {
      rest.remove_prefix(i + 1);
      return text;
    }
    const bool escapes = c == '\\' && i + 1 < rest.size() &&
                         std::string_view("()<>@,;:\\\"/[]?=").contains(rest[i + 1]);
    if (c == '\r' || c == '\n') return std::nullopt;
    text += escapes ? rest[++i] : c;
  }
  return std::nullopt;
}

/// RFC 8187: charset'language'percent-encoded, of the charsets that are UTF-8.
std::optional<std::string> decode_extended(std::string_view text) {
  const std::size_t first = text.find('\'');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = text.find('\'', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const std::string charset = lower(text.substr(0, first));
  if (charset != "utf-8" && charset != "us-ascii") return std::nullopt;
  text.remove_prefix(second + 1);
  return percent_decode(text);
}

}  // namespace

std::optional<std::string_view> ParameterizedValue::get(std::string_view name) const {
  for (const auto& [key, text] : parameters) {
    if (key == name) return text;
  }
  return std::nullopt;
}

std::optional<ParameterizedValue> parse_parameters(std::string_view text) {
  constexpr std::size_t kMost =
      64;  // more than any client sends; keeps the search for doubles short
  ParameterizedValue result;
  const std::size_t semicolon = std::min(text.find(';'), text.size());
  result.value = lower(trim(text.substr(0, semicolon)));
  if (result.value.empty()) return std::nullopt;

  std::string_view rest = trim(text.substr(semicolon));
  while (!rest.empty()) {
    if (rest.front() != ';') return std::nullopt;
    rest = trim(rest.substr(1));
    if (rest.empty()) break;  // a last ";"
    std::string name = lower(take_token(rest));
    rest = trim(rest);
    if (name.empty() || rest.empty() || rest.front() != '=') return std::nullopt;
    rest = trim(rest.substr(1));
    std::optional<std::string> value;
    if (!rest.empty() && rest.front() == '"') {
      value = take_quoted(rest);
    } else if (const auto token = take_token(rest); !token.empty()) {
      value = token;
    }
    if (!value || result.get(name) || result.parameters.size() == kMost) return std::nullopt;
    result.parameters.emplace_back(std::move(name), std::move(*value));
    rest = trim(rest);
  }

  for (auto& [name, value] : std::vector(result.parameters)) {
    if (!name.ends_with('*')) continue;
    auto decoded = decode_extended(value);
    if (!decoded) continue;
    name.pop_back();
    std::erase_if(result.parameters, [&](const auto& other) { return other.first == name; });
    result.parameters.emplace_back(std::move(name), std::move(*decoded));
  }
  return result;
}

}  // namespace chartmuseum::http

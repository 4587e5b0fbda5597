// SPDX-License-Identifier: Apache-2.0
#include "encoding/yaml_scalar.hpp"

#include "encoding/utf8.hpp"
#include "encoding/yaml_timestamp.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <optional>
#include <utility>

namespace chartmuseum::encoding {

namespace {

constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Whether a scalar that begins so can be anything but text.
bool may_be_special(char first) {
  return is_digit(first) ||
         std::string_view("+-.~yYnNtTfFoO").find(first) != std::string_view::npos;
}

/// The words that mean something.
std::optional<ResolvedScalar> resolve_word(std::string_view text) {
  struct Word {
    std::string_view text;
    ResolvedScalar value;
  };
  static constexpr std::array words{
      Word{"~", nullptr},        Word{"null", nullptr},     Word{"Null", nullptr},
      Word{"NULL", nullptr},     Word{"y", true},           Word{"Y", true},
      Word{"yes", true},         Word{"Yes", true},         Word{"YES", true},
      Word{"true", true},        Word{"True", true},        Word{"TRUE", true},
      Word{"on", true},          Word{"On", true},          Word{"ON", true},
      Word{"n", false},          Word{"N", false},          Word{"no", false},
      Word{"No", false},         Word{"NO", false},         Word{"false", false},
      Word{"False", false},      Word{"FALSE", false},      Word{"off", false},
      Word{"Off", false},        Word{"OFF", false},        Word{".nan", kNaN},
      Word{".NaN", kNaN},        Word{".NAN", kNaN},        Word{".inf", kInfinity},
      Word{".Inf", kInfinity},   Word{".INF", kInfinity},   Word{"+.inf", kInfinity},
      Word{"+.Inf", kInfinity},  Word{"+.INF", kInfinity},  Word{"-.inf", -kInfinity},
      Word{"-.Inf", -kInfinity}, Word{"-.INF", -kInfinity},
  };
  constexpr std::size_t longest = 5;
  if (text.size() > longest) return std::nullopt;
  const auto* const found = std::ranges::find(words, text, &Word::text);
  if (found == words.end()) return std::nullopt;
  return found->value;
}

/// Digits of the base, and nothing else; nothing if the number does not fit.
template <class Integer>
std::optional<Integer> all_digits(std::string_view digits, int base) {
  Integer number = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

/// Splits off what tells the base: "0x", "0b", "0o", or the "0" before octal digits.
int take_base(std::string_view& digits) {
  if (digits.size() < 2 || digits[0] != '0') return 10;
  int base = 8;
  std::size_t prefix = 1;
  if (digits.size() > 2) {
    const char mark = static_cast<char>(digits[1] | 0x20);
    if (mark == 'x') base = 16;
    if (mark == 'b') base = 2;
    if (mark == 'x' || mark == 'b' || mark == 'o') prefix = 2;
  }
  digits.remove_prefix(prefix);
  return base;
}

/// An integer as Go's strconv reads one with base 0, in 64 bits with or without sign.
std::optional<ResolvedScalar> resolve_integer(std::string_view text) {
  std::string_view digits = text;
  const bool has_sign = !digits.empty() && (digits[0] == '+' || digits[0] == '-');
  const bool negative = has_sign && digits[0] == '-';
  if (has_sign) digits.remove_prefix(1);
  const int base = take_base(digits);

  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (const auto magnitude = all_digits<std::uint64_t>(digits, base)) {
    if (negative && *magnitude <= most + 1) return static_cast<std::int64_t>(0 - *magnitude);
    if (!negative && *magnitude <= most) return static_cast<std::int64_t>(*magnitude);
    if (!has_sign) return *magnitude;
  }
  // The reference strips "0b" itself where the above fails, and so takes a sign after it.
  if (text.starts_with("0b-")) {
    if (const auto number = all_digits<std::int64_t>(text.substr(2), 2)) return *number;
  }
  if (text.starts_with("0b+") && text.size() > 3 && is_digit(text[3])) {
    if (const auto number = all_digits<std::int64_t>(text.substr(3), 2)) return *number;
  }
  return std::nullopt;
}

/// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool looks_like_a_float(std::string_view text) {
  std::size_t at = 0;
  const auto skip_digits = [&] {
    const std::size_t start = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at - start;
  };
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
  const std::size_t whole = skip_digits();
  std::size_t fraction = 0;
  if (at < text.size() && text[at] == '.') {
    ++at;
    fraction = skip_digits();
  }
  if (whole == 0 && fraction == 0) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (skip_digits() == 0) return false;
  }
  return at == text.size();
}

/// A float; one that is too large is none, one that is too small is zero.
std::optional<ResolvedScalar> resolve_float(std::string_view text) {
  if (!looks_like_a_float(text)) return std::nullopt;
  if (text.front() == '+') text.remove_prefix(1);
  double number = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  if (result.ec == std::errc()) return number;
  number = std::strtod(std::string(text).c_str(), nullptr);  // tells large from small
  if (number == kInfinity || number == -kInfinity) return std::nullopt;
  return number;
}

/// Removes "_" where each stands between two digits; nothing where one does not.
std::optional<std::string> without_separators(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      plain += text[i];
      continue;
    }
    const bool between_digits =
        i > 0 && is_digit(text[i - 1]) && i + 1 < text.size() && is_digit(text[i + 1]);
    if (!between_digits) return std::nullopt;
  }
  return plain;
}

std::optional<ResolvedScalar> resolve_number(std::string_view text) {
  std::string plain;
  if (text.find('_') != std::string_view::npos) {
    plain = text;
    std::erase(plain, '_');
    text = plain;
  }
  if (const auto integer = resolve_integer(text)) return integer;
  return resolve_float(text);
}

ResolvedScalar resolve(std::string_view text, bool dates) {
  if (text.empty()) return nullptr;
  const char first = text.front();
  if (!may_be_special(first)) return TextScalar{};
  if (const auto word = resolve_word(text)) return *word;
  if (first == '.') {
    const auto plain = without_separators(text);
    if (plain) {
      if (const auto number = resolve_float(*plain)) return *number;
    }
  } else if (is_digit(first) || first == '+' || first == '-') {
    if (dates && is_yaml_timestamp(text)) return TextScalar{TextScalar::Why::timestamp};
    if (const auto number = resolve_number(text)) return *number;
  }
  return TextScalar{};
}

std::string_view kind_of(const ResolvedScalar& scalar) {
  struct Visitor {
    std::string_view operator()(std::nullptr_t) const { return "null"; }
    std::string_view operator()(bool) const { return "bool"; }
    std::string_view operator()(std::int64_t) const { return "int"; }
    std::string_view operator()(std::uint64_t) const { return "int"; }
    std::string_view operator()(double) const { return "float"; }
    std::string_view operator()(const TextScalar& text) const {
      return text.why == TextScalar::Why::timestamp ? "timestamp" : "str";
    }
  };
  return std::visit(Visitor{}, scalar);
}

bool is_base_60(std::string_view text) {
  // [-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?
  if (text.find(':') == std::string_view::npos) return false;
  std::size_t at = 0;
  const auto skip_digits = [&] {
    while (at < text.size() && (is_digit(text[at]) || text[at] == '_')) ++at;
  };
  if (text[at] == '+' || text[at] == '-') ++at;
  if (at == text.size() || !is_digit(text[at])) return false;
  skip_digits();
  std::size_t groups = 0;
  for (; at < text.size() && text[at] == ':'; ++groups) {
    ++at;
    if (at == text.size() || !is_digit(text[at])) return false;
    const bool two = at + 1 < text.size() && is_digit(text[at + 1]);
    if (two && text[at] > '5') return false;
    at += two ? 2 : 1;
  }
  if (groups == 0) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    skip_digits();
  }
  return at == text.size();
}

}  // namespace

ResolvedScalar resolve_plain(std::string_view text) {
  return resolve(text, true);
}

std::expected<ResolvedScalar, std::string> resolve_tagged(std::string_view tag,
                                                          std::string_view text) {
  if (!tag.starts_with(kTagPrefix)) return TextScalar{};
  const std::string_view name = tag.substr(kTagPrefix.size());
  static constexpr std::array kChecked{"bool", "int", "float", "null", "timestamp"};
  if (std::ranges::find(kChecked, name) == kChecked.end()) return TextScalar{};

  ResolvedScalar scalar = resolve(text, name == "timestamp");
  const std::string_view kind = kind_of(scalar);
  if (kind == name) return scalar;
  if (name == "float") {
    if (const auto* integer = std::get_if<std::int64_t>(&scalar)) {
      return static_cast<double>(*integer);
    }
  }
  std::string problem = "cannot decode !!";
  problem.append(kind).append(" `").append(text).append("` as a !!").append(name);
  return std::unexpected(std::move(problem));
}

std::expected<std::string, std::string> decode_binary(std::string_view base64) {
  const auto digit_value = [](char c) -> int {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+') return 62;
    return c == '/' ? 63 : -1;
  };
  const auto refusal = [] {
    return std::unexpected(std::string("!!binary value contains invalid base64 data"));
  };

  std::string bytes;
  unsigned group = 0;
  std::size_t digits = 0;
  std::size_t padding = 0;
  for (const char c : base64) {
    if (c == '\n' || c == '\r') continue;
    if (c == '=') {
      ++padding;
      continue;
    }
    const int value = digit_value(c);
    if (value < 0 || padding > 0) return refusal();
    group = (group << 6) | static_cast<unsigned>(value);
    if (++digits % 4 != 0) continue;
    for (const int shift : {16, 8, 0}) bytes += static_cast<char>((group >> shift) & 0xFF);
    group = 0;
  }
  const std::size_t rest = digits % 4;
  if (rest == 1 || padding != (rest == 0 ? 0 : 4 - rest)) return refusal();
  if (rest == 2) bytes += static_cast<char>((group >> 4) & 0xFF);
  if (rest == 3) {
    bytes += static_cast<char>((group >> 10) & 0xFF);
    bytes += static_cast<char>((group >> 2) & 0xFF);
  }
  return is_utf8(bytes) ? bytes : replace_invalid_utf8(bytes);
}

bool reads_back_as_text(std::string_view text) {
  if (text.empty()) return false;
  if (!may_be_special(text.front())) return true;
  return resolve_plain(text) == ResolvedScalar(TextScalar{}) && !is_base_60(text);
}

}  // namespace chartmuseum::encoding

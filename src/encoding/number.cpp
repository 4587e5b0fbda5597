// SPDX-License-Identifier: Apache-2.0
#include "encoding/number.hpp"

#include "encoding/yaml_scalar.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string_view>

namespace chartmuseum::encoding {

namespace {

/// A finite number as 0.d1d2d3... times ten to the `point`.
struct Decimal {
  bool negative = false;
  std::string digits;  // at least one, no trailing zeros but for "0"
  int point = 1;
};

/// The fewest digits that read back as `number` in its own precision.
template <class Float>
Decimal shortest_digits(Float number) {
  char text[64];
  const auto end = std::to_chars(text, text + sizeof text, number, std::chars_format::scientific);
  std::string_view rest(text, static_cast<std::size_t>(end.ptr - text));

  Decimal decimal;
  if (rest.front() == '-') {
    decimal.negative = true;
    rest.remove_prefix(1);
  }
  const std::size_t exponent_mark = rest.find('e');
  for (const char c : rest.substr(0, exponent_mark)) {
    if (c != '.') decimal.digits += c;
  }
  const char* exponent = rest.data() + exponent_mark + 1;
  if (*exponent == '+') ++exponent;
  int value = 0;
  std::from_chars(exponent, end.ptr, value);
  if (decimal.digits != "0") decimal.point = value + 1;
  return decimal;
}

std::string fixed(const Decimal& decimal) {
  std::string text = decimal.negative ? "-" : "";
  const int size = static_cast<int>(decimal.digits.size());
  if (decimal.point <= 0) {
    text += "0.";
    text.append(static_cast<std::size_t>(-decimal.point), '0');
    return text + decimal.digits;
  }
  if (decimal.point >= size) {
    text += decimal.digits;
    text.append(static_cast<std::size_t>(decimal.point - size), '0');
    return text;
  }
  const auto whole = static_cast<std::size_t>(decimal.point);
  return text + decimal.digits.substr(0, whole) + '.' + decimal.digits.substr(whole);
}

std::string exponential(const Decimal& decimal, std::size_t exponent_digits) {
  std::string text = decimal.negative ? "-" : "";
  text += decimal.digits.front();
  if (decimal.digits.size() > 1) text += '.' + decimal.digits.substr(1);
  const int exponent = decimal.point - 1;
  text += exponent < 0 ? "e-" : "e+";
  const std::string magnitude = std::to_string(std::abs(exponent));
  if (magnitude.size() < exponent_digits) text += '0';
  return text + magnitude;
}

/// Go's 'g' with the shortest digits: exponent form below 1e-04 and from 1e+06.
template <class Float>
std::string general(Float number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-Inf" : "+Inf";
  const Decimal decimal = shortest_digits(number);
  const int exponent = decimal.point - 1;
  return exponent < -4 || exponent >= 6 ? exponential(decimal, 2) : fixed(decimal);
}

}  // namespace

std::string number_in_string_field(double number) {
  // Beyond the range of 32 bits IEEE 754 makes this infinite, or zero.
  return general(static_cast<float>(number));
}

std::string json_number(double number) {
  if (!std::isfinite(number)) return "null";
  const Decimal decimal = shortest_digits(number);
  const double magnitude = std::fabs(number);
  if (magnitude != 0 && (magnitude < 1e-6 || magnitude >= 1e21)) return exponential(decimal, 1);
  return fixed(decimal);
}

std::string yaml_number(double number) {
  // The reference writes JSON, reads that as YAML and writes what it then takes the number for.
  const std::string json = json_number(number);
  const ResolvedScalar read_back = resolve_plain(json);
  if (const auto* integer = std::get_if<std::int64_t>(&read_back)) return std::to_string(*integer);
  if (const auto* integer = std::get_if<std::uint64_t>(&read_back)) return std::to_string(*integer);
  return general(number);
}

}  // namespace chartmuseum::encoding

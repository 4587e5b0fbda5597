// SPDX-License-Identifier: Apache-2.0
// Reads texts from standard input, one a line as hexadecimal digits, and prints a line of JSON for
// each: {"json": "...", "yaml": "..."} with its value written both ways, or {"error": "..."}. For
// comparisons with Helm.
#include "encoding/json_writer.hpp"
#include "encoding/yaml_parser.hpp"
#include "encoding/yaml_writer.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <cstddef>
#include <iostream>
#include <string>
#include <string_view>

namespace {

namespace encoding = chartmuseum::encoding;

std::string from_hex(std::string_view digits) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    unsigned byte = 0;
    std::from_chars(digits.data() + i, digits.data() + i + 2, byte, 16);
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

nlohmann::json convert(std::string_view text, encoding::YamlWriter& writer) {
  if (const auto checked = encoding::check_yaml(text); !checked) {
    return {{"error", checked.error().message()}};
  }
  const auto value = encoding::parse_yaml(text);
  if (!value) return {{"error", "check_yaml takes what parse_yaml refuses"}};
  std::string json;
  encoding::append_json(json, *value);
  writer.value(*value);
  return {{"json", json}, {"yaml", writer.take()}};
}

}  // namespace

int main() {
  encoding::YamlWriter writer;
  for (std::string line; std::getline(std::cin, line);) {
    const auto converted = convert(from_hex(line), writer);
    std::cout << converted.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace) << '\n';
  }
}

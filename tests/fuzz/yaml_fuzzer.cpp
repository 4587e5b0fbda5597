// SPDX-License-Identifier: Apache-2.0
// Any text as YAML: checking it agrees with parsing it, and what is written of its value is read
// back as that value.
#include "encoding/json_writer.hpp"
#include "encoding/utf8.hpp"
#include "encoding/yaml_parser.hpp"
#include "encoding/yaml_writer.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace {

namespace encoding = chartmuseum::encoding;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string json_of(const encoding::Value& value) {
  std::string json;
  encoding::append_json(json, value);
  return json;
}

// The reference writes it as 0.
void drop_sign_of_zero(encoding::Value& value) {
  if (auto* number = std::get_if<double>(&value.content()); number != nullptr && *number == 0) {
    *number = 0;
  }
  if (auto* list = std::get_if<encoding::Value::List>(&value.content())) {
    for (auto& item : *list) drop_sign_of_zero(item);
  }
  if (auto* mapping = std::get_if<encoding::Value::Mapping>(&value.content())) {
    for (auto& member : *mapping) drop_sign_of_zero(member.second);
  }
}

encoding::YamlRoot root_of(const encoding::Value& value) {
  if (value.is_null()) return encoding::YamlRoot::null;
  if (value.mapping() != nullptr) return encoding::YamlRoot::mapping;
  return value.list() != nullptr ? encoding::YamlRoot::list : encoding::YamlRoot::scalar;
}

void check_agrees_with_parse(std::string_view text) {
  const auto checked = encoding::check_yaml(text);
  const auto parsed = encoding::parse_yaml(text);
  if (!parsed) {
    require(!checked && checked.error() == parsed.error());
    require(encoding::is_utf8(text) == false || encoding::is_utf8(parsed.error().message()));
    return;
  }
  if (const auto unsupported = encoding::find_unsupported_number(*parsed)) {
    require(!checked && checked.error() == *unsupported);
    return;
  }
  require(checked && *checked == root_of(*parsed));
}

// JSON stands for the value, because all numbers are written as 64-bit floats.
void written_is_read_back(encoding::Value value) {
  drop_sign_of_zero(value);
  encoding::YamlWriter writer;
  writer.value(value);
  const std::string yaml = writer.take();
  const auto again = encoding::parse_yaml(yaml);
  require(again.has_value());
  const std::string json = json_of(value);
  const bool has_next_line = json.find("\xC2\x85") != std::string::npos;  // folded, on purpose
  require(has_next_line || json_of(*again) == json);

  // What was read back is written as before, and so is the writer's next document.
  writer.value(*again);
  require(has_next_line || writer.take() == yaml);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_agrees_with_parse(text);
  auto parsed = encoding::parse_yaml(text);
  if (parsed && !encoding::find_unsupported_number(*parsed)) {
    written_is_read_back(std::move(*parsed));
  }

  // As one string, which may hold anything: as a value and as a key.
  if (encoding::is_utf8(text)) {
    using encoding::Value;
    written_is_read_back(
        Value(Value::Mapping{{std::string(text), Value(Value::List{Value(std::string(text))})}}));
  }
  return 0;
}

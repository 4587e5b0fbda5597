// SPDX-License-Identifier: Apache-2.0
#include "chart/metadata_decoder.hpp"

#include "chart/field_decoder.hpp"
#include "chart/lock_timestamp.hpp"
#include "encoding/json_writer.hpp"
#include "encoding/yaml_parser.hpp"

#include <utility>

namespace chartmuseum::chart {
namespace {

using encoding::Value;

struct Lock {
  std::string digest;
  DecodedList<std::optional<DecodedDependency>> dependencies;
};

void decode_generated(FieldDecoder& decoder, const Value& value, Lock& /*lock*/) {
  decoder.skip(value);
  if (value.is_null()) return;
  const std::string* text = value.string();
  if (text == nullptr) {
    decoder.fail("Time.UnmarshalJSON: input is not a JSON string");
    return;
  }
  std::string json;
  encoding::append_json_string(json, *text);
  const std::string_view escaped = std::string_view(json).substr(1, json.size() - 2);
  if (auto problem = lock_timestamp_problem(escaped)) decoder.fail(*std::move(problem));
}

void decode_lock(FieldDecoder& decoder, const Value& value) {
  static constexpr FieldDecoder::Field<Lock> fields[] = {
      {"generated", decode_generated},
      {"digest", FieldDecoder::decode_member<&Lock::digest>},
      {"dependencies", FieldDecoder::decode_member<&Lock::dependencies>},
  };
  Lock lock;
  decoder.decode_object<Lock>(value, lock, "Lock", "chart.Lock", fields);
}

std::unexpected<PackageError> cannot_load(std::string_view file, std::string_view cause) {
  return std::unexpected(
      PackageError{std::string("cannot load ").append(file).append(": ").append(cause)});
}

std::unexpected<PackageError> cannot_convert(std::string_view file,
                                             const encoding::YamlError& error) {
  return cannot_load(file, "error converting YAML to JSON: " + error.message());
}

}  // namespace

std::expected<void, PackageError> decode_metadata(std::string_view yaml, std::string_view file,
                                                  encoding::YamlBudget& budget,
                                                  DecodedMetadata& metadata) {
  const auto document = encoding::parse_yaml(yaml, budget);
  if (!document) return cannot_convert(file, document.error());
  FieldDecoder decoder;
  decoder.decode(*document, metadata);
  if (const auto error = decoder.error()) return cannot_load(file, *error);
  if (file == "Chart.yaml" && metadata.api_version.empty()) metadata.api_version = "v1";
  return {};
}

std::expected<void, PackageError> check_lock(std::string_view yaml, std::string_view file,
                                             encoding::YamlBudget& budget) {
  const auto document = encoding::parse_yaml(yaml, budget);
  if (!document) return cannot_convert(file, document.error());
  FieldDecoder decoder;
  decode_lock(decoder, *document);
  if (const auto error = decoder.error()) return cannot_load(file, *error);
  return {};
}

std::expected<void, PackageError> check_values(std::string_view yaml,
                                               encoding::YamlBudget& budget) {
  static constexpr std::string_view file = "values.yaml";
  const auto root = encoding::check_yaml(yaml, budget);
  if (!root) return cannot_convert(file, root.error());
  if (*root == encoding::YamlRoot::mapping || *root == encoding::YamlRoot::null) return {};

  // Rare, so the document may be read once more for what exactly is wrong.
  const auto document = encoding::parse_yaml(yaml, budget);
  if (!document) return cannot_convert(file, document.error());
  FieldDecoder decoder;
  decoder.decode_values(*document);
  if (const auto error = decoder.error()) return cannot_load(file, *error);
  return {};
}

}  // namespace chartmuseum::chart

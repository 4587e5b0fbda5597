// SPDX-License-Identifier: Apache-2.0
// Chart.yaml and its kin: the input is YAML documents with 0xFF bytes between them, which are
// decoded over one another, checked as lock files and values, and validated.
#include "chart/constraint.hpp"
#include "chart/metadata_decoder.hpp"
#include "chart/metadata_validation.hpp"
#include "chart/text_sanitizer.hpp"
#include "chart/version.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace {

namespace chart = chartmuseum::chart;

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_sanitized(const std::string& text) {
  std::string again = text;
  chart::sanitize(again);
  return again == text;
}

void check_validated(const chart::Metadata& metadata) {
  const auto version = chart::Version::parse(metadata.version);
  require(version.has_value());
  require((*version <=> *version) == 0);
  require(!metadata.name.empty() && metadata.name.find('/') == std::string::npos);
  require(is_sanitized(metadata.name) && is_sanitized(metadata.description));
  require(chart::quote(metadata.version).size() >= metadata.version.size() + 2);
  for (const auto& dependency : metadata.dependencies) {
    const auto constraint = chart::Constraint::parse(dependency.version);
    if (constraint) (void)constraint->allows(*version);
    const auto exact = chart::Version::parse_strict(dependency.version);
    if (exact && constraint) require(constraint->allows(*exact));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  chart::DecodedMetadata metadata;
  chartmuseum::encoding::YamlBudget budget;
  bool readable = true;
  while (!rest.empty()) {
    const std::string_view document = rest.substr(0, rest.find('\xFF'));
    rest.remove_prefix(std::min(rest.size(), document.size() + 1));
    (void)chart::check_lock(document, "Chart.lock", budget);
    (void)chart::check_values(document, budget);
    readable =
        readable && chart::decode_metadata(document, "Chart.yaml", budget, metadata).has_value();
  }
  if (!readable) return 0;
  if (const auto validated = chart::validate_metadata(std::move(metadata))) {
    check_validated(*validated);
  }
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
#include "chart/package_start.hpp"

#include "chart/metadata_decoder.hpp"
#include "chart/metadata_validation.hpp"
#include "encoding/yaml_parser.hpp"

#include <utility>

namespace chartmuseum::chart {

std::optional<Metadata> read_metadata_of_start(std::string_view start,
                                               const ArchiveLimits& limits) {
  ArchiveReader reader(start, limits, limits.stream_size);
  for (;;) {
    const auto path = reader.next();
    if (!path || !*path) return std::nullopt;
    if (**path == "Chart.yaml") break;
  }
  const auto text = reader.read();
  if (!text) return std::nullopt;
  encoding::YamlBudget budget;
  DecodedMetadata decoded;
  if (!decode_metadata(*text, "Chart.yaml", budget, decoded)) return std::nullopt;
  auto metadata = validate_metadata(std::move(decoded));
  if (!metadata) return std::nullopt;
  return *std::move(metadata);
}

}  // namespace chartmuseum::chart

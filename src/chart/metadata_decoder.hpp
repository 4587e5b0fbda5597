// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chart/metadata.hpp"
#include "chart/package.hpp"
#include "encoding/yaml_parser.hpp"

#include <cstddef>
#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::chart {

/// A list that later documents are decoded over, item by item. Like a Go slice it forgets its
/// end when a shorter list is decoded over it only in length: a longer one after that finds the
/// old items again.
template <class T>
struct DecodedList {
  std::vector<T> items;  // at least `size`
  std::size_t size = 0;

  bool operator==(const DecodedList&) const = default;
};

struct DecodedDependency {
  std::string name;
  std::string version;
  std::string repository;
  std::string condition;
  DecodedList<std::string> tags;
  bool enabled = false;
  DecodedList<encoding::Value> import_values;
  std::string alias;

  bool operator==(const DecodedDependency&) const = default;
};

/// The metadata between decoding and validation: what the documents of a chart said so far,
/// null items included.
struct DecodedMetadata {
  std::string name;
  std::string home;
  DecodedList<std::string> sources;
  std::string version;
  std::string description;
  DecodedList<std::string> keywords;
  DecodedList<std::optional<Maintainer>> maintainers;
  std::string icon;
  std::string api_version;
  std::string condition;
  std::string tags;
  std::string app_version;
  bool deprecated = false;
  std::map<std::string, std::string, std::less<>> annotations;
  std::string kube_version;
  DecodedList<std::optional<DecodedDependency>> dependencies;
  std::string type;

  bool operator==(const DecodedMetadata&) const = default;
};

/// Decodes Chart.yaml or requirements.yaml over what earlier documents said, as Helm does (YAML
/// to JSON, JSON into fields). `file` names it in errors: "cannot load Chart.yaml: ...". After a
/// Chart.yaml an empty apiVersion is "v1". After a failure `metadata` may be half-changed.
/// All documents of a package, whatever reads them here, share one budget.
[[nodiscard]] std::expected<void, PackageError> decode_metadata(std::string_view yaml,
                                                                std::string_view file,
                                                                encoding::YamlBudget& budget,
                                                                DecodedMetadata& metadata);

/// Chart.lock and requirements.lock have to be readable; what they say is not kept.
[[nodiscard]] std::expected<void, PackageError> check_lock(std::string_view yaml,
                                                           std::string_view file,
                                                           encoding::YamlBudget& budget);

/// values.yaml has to be readable, and a mapping or null.
[[nodiscard]] std::expected<void, PackageError> check_values(std::string_view yaml,
                                                             encoding::YamlBudget& budget);

}  // namespace chartmuseum::chart

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "encoding/value.hpp"

#include <string>
#include <utility>
#include <vector>

namespace chartmuseum::chart {

struct Maintainer {
  std::string name;
  std::string email;
  std::string url;

  bool operator==(const Maintainer&) const = default;
};

struct Dependency {
  std::string name;
  std::string version;
  std::string repository;
  std::string condition;
  std::vector<std::string> tags;
  bool enabled = false;
  std::vector<encoding::Value> import_values;
  std::string alias;

  bool operator==(const Dependency&) const = default;
};

/// Chart.yaml (with requirements.yaml merged in) as Helm's loader leaves it: the fields that
/// an index entry shows. Empty and false mean "not set"; nothing else of the file is kept.
struct Metadata {
  std::string name;
  std::string home;
  std::vector<std::string> sources;
  std::string version;
  std::string description;
  std::vector<std::string> keywords;
  std::vector<Maintainer> maintainers;
  std::string icon;
  std::string api_version;
  std::string condition;
  std::string tags;
  std::string app_version;
  bool deprecated = false;
  std::vector<std::pair<std::string, std::string>> annotations;  // unique keys, in byte order
  std::string kube_version;
  std::vector<Dependency> dependencies;
  std::string type;

  bool operator==(const Metadata&) const = default;
};

}  // namespace chartmuseum::chart

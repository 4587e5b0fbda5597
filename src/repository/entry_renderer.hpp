// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/digest.hpp"
#include "base/timestamp.hpp"
#include "chart/metadata.hpp"
#include "encoding/yaml_writer.hpp"
#include "repository/rendered_entry.hpp"
#include "repository/settings.hpp"

#include <string>
#include <string_view>

namespace chartmuseum::repository {

/// Makes index entries out of packages' metadata, byte for byte the reference's. Not
/// thread-safe; reusable.
class EntryRenderer {
 public:
  /// For the entries of `repository` ("" at depth 0).
  EntryRenderer(const Settings& settings, std::string_view repository);

  /// The entry's `version` is null if the metadata's version is none.
  [[nodiscard]] RenderedEntry render(const chart::Metadata& metadata, std::string_view file_name,
                                     Timestamp created, const Digest& digest);

 private:
  EntryText yaml(const chart::Metadata& metadata, std::string_view url, std::string_view created,
                 std::string_view digest);
  void open_chart(std::string_view name);
  std::string close_chart();

  std::string url_prefix_;
  encoding::YamlWriter writer_;
};

}  // namespace chartmuseum::repository

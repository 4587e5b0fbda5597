// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "repository/entries.hpp"
#include "repository/entry_renderer.hpp"

#include <string>
#include <utility>
#include <vector>

namespace chartmuseum::repository {

inline Timestamp at_second(int second) {
  return Timestamp(std::chrono::seconds(1'700'000'000 + second));
}

inline chart::Metadata metadata_of(const std::string& name, const std::string& version) {
  chart::Metadata metadata;
  metadata.api_version = "v2";
  metadata.name = name;
  metadata.version = version;
  return metadata;
}

inline RenderedEntry entry_of(const std::string& name, const std::string& version,
                              const std::string& file_name = {}, int second = 0,
                              const std::string& description = {}) {
  chart::Metadata metadata = metadata_of(name, version);
  metadata.description = description;
  EntryRenderer renderer(Settings{}, "");
  return renderer.render(metadata, file_name.empty() ? package_file_name(name, version) : file_name,
                         at_second(second), Digest::of(name + version + description));
}

inline EntryChange put_of(RenderedEntry entry) {
  return {.entry = std::move(entry), .removed = false};
}

inline EntryChange removal_of(const std::string& name, const std::string& version) {
  EntryChange change;
  change.entry.version = entry_of(name, version).version;
  change.removed = true;
  return change;
}

inline Entries entries_of(const std::vector<std::pair<std::string, std::string>>& versions) {
  std::vector<EntryChange> changes;
  for (const auto& [name, version] : versions) changes.push_back(put_of(entry_of(name, version)));
  return Entries().with(std::move(changes));
}

/// "name version" of every entry in the order of the list.
inline std::vector<std::string> order_of(const EntryList& list) {
  std::vector<std::string> order;
  for (const auto& leaf : list.leaves()) {
    for (const auto& item : leaf->items) {
      order.push_back(std::string(item.version->name) + ' ' + std::string(item.version->version));
    }
  }
  return order;
}

}  // namespace chartmuseum::repository

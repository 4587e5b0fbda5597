// SPDX-License-Identifier: Apache-2.0
#include "repository/entry_renderer.hpp"

#include "encoding/json_writer.hpp"
#include "repository/entry_json.hpp"
#include "repository/entry_yaml.hpp"

#include <utility>

namespace chartmuseum::repository {

namespace {

constexpr std::string_view kEntriesKey = "entries";
constexpr std::string_view kEntriesLine = "entries:\n";
constexpr std::string_view kPlaceholderLine = "null\n";

std::string url_prefix(const Settings& settings, std::string_view repository) {
  if (settings.chart_url.empty()) return "charts/";
  std::string url = settings.chart_url + settings.context_path;
  if (!repository.empty()) {
    url += '/';
    url += repository;
  }
  return url + "/charts/";
}

}  // namespace

EntryRenderer::EntryRenderer(const Settings& settings, std::string_view repository)
    : url_prefix_(url_prefix(settings, repository)) {}

RenderedEntry EntryRenderer::render(const chart::Metadata& metadata, std::string_view file_name,
                                    Timestamp created, const Digest& digest) {
  RenderedEntry entry;
  entry.version = ChartVersion::make(metadata.name, metadata.version, file_name, created, digest);
  const std::string url = url_prefix_ + std::string(file_name);
  const std::string time = format_rfc3339(created);
  const std::string hex = digest.hex();

  entry.yaml = yaml(metadata, url, time, hex);
  entry.json.opening = "],";
  encoding::append_json_string(entry.json.opening, metadata.name);
  entry.json.opening += ":[";
  entry.json.body = entry_json(metadata, url, time, hex);
  return entry;
}

EntryText EntryRenderer::yaml(const chart::Metadata& metadata, std::string_view url,
                              std::string_view created, std::string_view digest) {
  // Where lines break depends on how deep the entry stands, so it is written where it will stand.
  const std::string& prefix = yaml_prefix(metadata.name);
  open_chart(metadata.name);
  write_entry(writer_, metadata, url, created, digest);
  writer_.end_list();
  writer_.end_mapping();
  writer_.end_mapping();
  const std::string text = writer_.take();
  return {.opening = prefix.substr(kEntriesLine.size()), .body = text.substr(prefix.size())};
}

void EntryRenderer::open_chart(std::string_view name) {
  writer_.begin_mapping();
  writer_.key(kEntriesKey);
  writer_.begin_mapping();
  writer_.key(name);
  writer_.begin_list();
}

const std::string& EntryRenderer::yaml_prefix(const std::string& name) {
  if (prefix_.empty() || prefix_name_ != name) {
    open_chart(name);
    writer_.null();
    writer_.end_list();
    writer_.end_mapping();
    writer_.end_mapping();
    prefix_ = writer_.take();
    prefix_.erase(prefix_.size() - kPlaceholderLine.size());
    prefix_name_ = name;
  }
  return prefix_;
}

}  // namespace chartmuseum::repository

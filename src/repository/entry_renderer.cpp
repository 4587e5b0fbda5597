// SPDX-License-Identifier: Apache-2.0
#include "repository/entry_renderer.hpp"

#include "encoding/json_writer.hpp"
#include "repository/entry_json.hpp"
#include "repository/entry_yaml.hpp"

#include <algorithm>
#include <utility>

namespace chartmuseum::repository {

namespace {

constexpr std::string_view kEntriesLine = "entries:\n";
constexpr std::string_view kComplexKey = "  ? ";
constexpr std::string_view kItem = "  - ";
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

ChartVersion::Fingerprint fingerprint_of(const RenderedEntry& entry) {
  std::string texts;
  for (const EntryText* text : {&entry.yaml, &entry.json}) {
    for (const std::string* part : {&text->opening, &text->body}) {
      texts += std::to_string(part->size());
      texts += ' ';
      texts += *part;
    }
  }
  ChartVersion::Fingerprint fingerprint{};
  std::ranges::copy_n(Digest::of(texts).bytes().begin(), fingerprint.size(), fingerprint.begin());
  return fingerprint;
}

}  // namespace

EntryRenderer::EntryRenderer(const Settings& settings, std::string_view repository)
    : url_prefix_(url_prefix(settings, repository)) {}

RenderedEntry EntryRenderer::render(const chart::Metadata& metadata, std::string_view file_name,
                                    Timestamp created, const Digest& digest) {
  RenderedEntry entry;
  const std::string url = url_prefix_ + std::string(file_name);
  const std::string time = format_rfc3339(created);
  const std::string hex = digest.hex();

  entry.yaml = yaml(metadata, url, time, hex);
  entry.json.opening = "],";
  encoding::append_json_string(entry.json.opening, metadata.name);
  entry.json.opening += ":[";
  entry.json.body = entry_json(metadata, url, time, hex);
  entry.version = ChartVersion::make(metadata.name, metadata.version, file_name, created, digest,
                                     fingerprint_of(entry));
  return entry;
}

EntryText EntryRenderer::yaml(const chart::Metadata& metadata, std::string_view url,
                              std::string_view created, std::string_view digest) {
  // Where lines break depends on how deep the entry stands, so it is written where it will stand.
  open_chart(metadata.name);
  write_entry(writer_, metadata, url, created, digest);
  const std::string document = close_chart();
  const std::string_view text = std::string_view(document).substr(kEntriesLine.size());

  // The chart's key takes one line, or else it is a complex one, which may be broken: how much it
  // takes shows a document that holds it alone.
  std::size_t opening = text.find('\n') + 1 + kItem.size();
  if (text.starts_with(kComplexKey)) {
    open_chart(metadata.name);
    writer_.null();
    opening = close_chart().size() - kEntriesLine.size() - kPlaceholderLine.size();
  }
  return {.opening = std::string(text.substr(0, opening)),
          .body = std::string(text.substr(opening))};
}

void EntryRenderer::open_chart(std::string_view name) {
  writer_.begin_mapping();
  writer_.key("entries");
  writer_.begin_mapping();
  writer_.key(name);
  writer_.begin_list();
}

std::string EntryRenderer::close_chart() {
  writer_.end_list();
  writer_.end_mapping();
  writer_.end_mapping();
  return writer_.take();
}

}  // namespace chartmuseum::repository

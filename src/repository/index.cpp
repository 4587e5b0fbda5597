// SPDX-License-Identifier: Apache-2.0
#include "repository/index.hpp"

#include "chart/constraint.hpp"
#include "encoding/gzip_writer.hpp"
#include "encoding/json_writer.hpp"
#include "encoding/yaml_writer.hpp"

#include <limits>
#include <utility>

namespace chartmuseum::repository {

namespace {

/// What stands around the entries of a document.
struct Frame {
  std::string head;
  std::string tail;
};

Frame yaml_frame(const IndexStyle& style, const std::string& generated, bool empty) {
  encoding::YamlWriter writer;
  writer.begin_mapping();
  writer.key("generated");
  writer.quoted(generated);
  writer.key("serverInfo");
  writer.begin_mapping();
  if (!style.context_path.empty()) {
    writer.key("contextPath");
    writer.string(style.context_path);
  }
  writer.end_mapping();
  writer.end_mapping();
  return {.head = empty ? "apiVersion: v1\nentries: {}\n" : "apiVersion: v1\nentries:\n",
          .tail = writer.take()};
}

Frame json_frame(const IndexStyle& style, const std::string& generated, bool empty) {
  Frame frame{.head = R"({"apiVersion":"v1","generated":)",
              .tail = empty ? R"(},"serverInfo":)" : R"(]},"serverInfo":)"};
  encoding::append_json_string(frame.head, generated);
  frame.head += R"(,"entries":{)";
  frame.tail +=
      style.context_path.empty() ? "{}" : encoding::json_object("contextPath", style.context_path);
  frame.tail += '}';
  return frame;
}

std::string name_of(std::string_view content) {
  // Half of a SHA-256 is as good a name for a state as the whole, and shorter.
  return Digest::of(content).hex().substr(0, 32);
}

Timestamp whole_seconds(Timestamp instant) {
  return std::chrono::floor<std::chrono::seconds>(instant);
}

}  // namespace

Index::Index(const IndexStyle& style, Entries entries, Timestamp generated)
    : style_is_json_(style.json),
      entries_(std::move(entries)),
      generated_(whole_seconds(generated)) {
  const EntryList& list = listed();
  const std::string time = format_rfc3339(generated_);
  Frame frame =
      style.json ? json_frame(style, time, list.empty()) : yaml_frame(style, time, list.empty());
  const std::string charts = entries_.json().digest().hex();
  const std::string name = name_of(frame.head + '\n' + list.digest().hex() + '\n' + frame.tail);
  document_etag_ = '"' + name + '"';
  compressed_etag_ = '"' + name + "-gzip\"";
  charts_etag_ = '"' + name_of(charts) + '"';

  head_ = std::move(frame.head);
  tail_ = std::move(frame.tail);
}

const Rope& Index::document() const {
  std::call_once(document_made_, [this] {
    document_.append(head_);
    document_.append(listed().text());
    document_.append(tail_);
  });
  return document_;
}

std::shared_ptr<const Rope> Index::compressed_document() const {
  const std::lock_guard lock(mutex_);
  return compressed_;
}

void Index::compress_document() const {
  encoding::GzipWriter gzip;
  std::size_t at = 0;
  std::shared_ptr<const std::string> before;  // while a leaf's text is the last that was written
  for (const Rope::Piece& piece : document().pieces()) {
    const LeafPointer leaf = at < listed().leaf_count() ? listed().leaf(at) : nullptr;
    if (!leaf || piece.owner != leaf->text) {
      gzip.append(piece.text);
      before = nullptr;
      continue;
    }
    const auto from = static_cast<std::size_t>(piece.text.data() - leaf->text->data());
    gzip.append(leaf->deflated(from, before));
    before = leaf->text;
    ++at;
  }
  auto compressed = std::make_shared<const Rope>(gzip.finish());
  const std::lock_guard lock(mutex_);
  compressed_ = std::move(compressed);
}

Rope Index::charts_json(std::size_t offset, std::optional<std::size_t> limit) const {
  const EntryList& list = entries_.json();
  const std::size_t most = std::numeric_limits<std::size_t>::max() - offset;
  const auto begin = list.chart_begin(offset);
  const auto end = limit && *limit < most ? list.chart_begin(offset + *limit) : list.end();
  Rope rope;
  if (begin == end) {
    rope.append("{}");
    return rope;
  }
  rope.append("{");
  rope.append(list.charts({.begin = begin, .end = end}));
  rope.append("]}");
  return rope;
}

std::optional<Rope> Index::chart_json(std::string_view name) const {
  const auto range = entries_.json().chart(name);
  if (!range) return std::nullopt;
  Rope rope;
  rope.append("[");
  rope.append(entries_.json().bodies(*range));
  rope.append("]");
  return rope;
}

Rope Index::version_json(const ChartVersion& version) const {
  const auto position = entries_.json().find(version.name, version.version);
  return position ? entries_.json().body(*position) : Rope();
}

bool Index::has_chart(std::string_view name) const {
  return entries_.json().chart(name).has_value();
}

ChartVersionPointer Index::find_exact(std::string_view name, std::string_view version) const {
  const auto position = entries_.json().find(name, version);
  return position ? entries_.json().version(*position) : nullptr;
}

ChartVersionPointer Index::find(std::string_view name, std::string_view wanted) const {
  const bool latest = wanted.empty() || wanted == "latest";
  if (!latest) {
    if (auto exact = find_exact(name, wanted)) return exact;
  }
  const EntryList& list = entries_.json();
  const auto range = list.chart(name);
  if (!range) return nullptr;
  const auto constraint = chart::Constraint::parse(latest ? "*" : wanted);
  if (!constraint) return nullptr;
  for (auto at = range->begin; at != range->end; at = list.next(at)) {
    if (constraint->allows(list.version(at)->precedence)) return list.version(at);
  }
  return nullptr;
}

}  // namespace chartmuseum::repository

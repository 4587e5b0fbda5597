// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/rope.hpp"
#include "base/timestamp.hpp"
#include "repository/chart_version.hpp"
#include "repository/entries.hpp"

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::repository {

/// How an index document looks.
struct IndexStyle {
  bool json = false;         // --json-index
  std::string context_path;  // for serverInfo; "/x", or ""
};

/// An immutable snapshot of one repository: what index.yaml and the API answer. Published by
/// swapping a shared pointer; what a reader holds stays whole. Thread-safe.
///
/// Inside stand two persistent lists of rendered entries (entry_list.hpp), one in the order of
/// the YAML index and one in that of JSON, cut into leaves of bounded size. A changed entry
/// costs one leaf of each list, whatever the size of the repository; what takes a step for each
/// leaf waits until somebody reads it.
class Index {
 public:
  Index(const IndexStyle& style, Entries entries, Timestamp generated);

  /// The document, in pieces: index.yaml, or with --json-index its JSON form.
  /// Put together by the first who asks.
  [[nodiscard]] const Rope& document() const;
  /// The document gzip'ed; null until compress_document() has made it.
  [[nodiscard]] std::shared_ptr<const Rope> compressed_document() const;
  /// Compresses what no snapshot before this one has compressed, and puts the rest together from
  /// what is there. For a worker; takes up to 15 ms a megabyte.
  void compress_document() const;

  /// Strong entity tags (RFC 9110, 8.8.3), with their quotes.
  [[nodiscard]] const std::string& document_etag() const { return document_etag_; }
  [[nodiscard]] const std::string& compressed_etag() const { return compressed_etag_; }
  [[nodiscard]] const std::string& charts_etag() const { return charts_etag_; }

  /// {"name":[versions...],...} in byte order of the names; `limit` charts from `offset` on.
  /// Does no work for what it leaves out.
  [[nodiscard]] Rope charts_json(std::size_t offset, std::optional<std::size_t> limit) const;
  /// [versions...], newest first; nothing if there is no such chart.
  [[nodiscard]] std::optional<Rope> chart_json(std::string_view name) const;
  /// One version's object; empty if this index does not hold the version.
  [[nodiscard]] Rope version_json(const ChartVersion& version) const;

  [[nodiscard]] bool has_chart(std::string_view name) const;
  /// `wanted` as in a GET: an exact text, else a constraint; "latest" and "" are the newest
  /// stable version.
  [[nodiscard]] ChartVersionPointer find(std::string_view name, std::string_view wanted) const;
  /// Exact text only.
  [[nodiscard]] ChartVersionPointer find_exact(std::string_view name,
                                               std::string_view version) const;

  [[nodiscard]] std::size_t chart_count() const { return entries_.json().chart_count(); }
  [[nodiscard]] std::size_t version_count() const { return entries_.json().version_count(); }

  [[nodiscard]] const Entries& entries() const { return entries_; }
  /// When the entries last changed; whole seconds, as the document shows it.
  [[nodiscard]] Timestamp generated() const { return generated_; }

 private:
  [[nodiscard]] const EntryList& listed() const {
    return style_is_json_ ? entries_.json() : entries_.yaml();
  }

  bool style_is_json_;
  Entries entries_;
  Timestamp generated_;
  std::string head_;  // what stands around the entries in the document
  std::string tail_;
  std::string document_etag_;
  std::string compressed_etag_;
  std::string charts_etag_;
  mutable std::once_flag document_made_;
  mutable Rope document_;
  mutable std::mutex mutex_;  // of:
  mutable std::shared_ptr<const Rope> compressed_;
};

using IndexPointer = std::shared_ptr<const Index>;

}  // namespace chartmuseum::repository

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/digest.hpp"
#include "base/rope.hpp"
#include "encoding/gzip_writer.hpp"
#include "repository/rendered_entry.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::repository {

enum class EntryFormat {
  yaml,  // charts in natural order, as the reference orders a mapping's keys
  json,  // charts in byte order
};

/// The rendered entries of an index in order: by chart, within a chart newest first. Immutable:
/// with() makes a new list that shares all but the leaves that changed, so that a change costs
/// the copy of one leaf's text, however many entries there are. A value; thread-safe to read.
class EntryList {
 public:
  /// Consecutive entries with everything that stands between them. This is where text is final:
  /// a leaf is what is hashed, shared between snapshots and sent.
  struct Leaf {
    struct Item {
      ChartVersionPointer version;
      std::uint32_t begin = 0;  // of the entry's body in `text`
      std::uint32_t end = 0;
    };

    std::vector<Item> items;                  // never empty
    std::shared_ptr<const std::string> text;  // begins with the opening of the first item's chart
    Digest digest;                            // of what `text` says, by its entries' fingerprints
    std::size_t inner_charts = 0;             // charts that begin at an item other than the first

    [[nodiscard]] std::string_view body(std::size_t item) const;
    /// `text` from the first body on, which is what stands in every document that has this leaf,
    /// deflated: by the first who asks, and kept.
    [[nodiscard]] const encoding::DeflatedText& deflated() const;

    /// The opening of the chart of `item`, which must be the first of that chart in this leaf.
    [[nodiscard]] std::string_view opening(std::size_t item) const;

   private:
    mutable std::once_flag deflating_;
    mutable encoding::DeflatedText deflated_;
  };
  using LeafPointer = std::shared_ptr<const Leaf>;

  /// Where an entry stands; `leaf == leaves().size()` is the end.
  struct Position {
    std::size_t leaf = 0;
    std::size_t item = 0;
    bool operator==(const Position&) const = default;
  };
  struct Range {
    Position begin;
    Position end;
  };

  struct Change {
    ChartVersionPointer version;
    const EntryText* text = nullptr;  // null: remove; else put in, or replace
    /// Whether the list may already hold entries of this chart. See entry_list_edit.cpp.
    bool chart_listed = false;
  };

  explicit EntryList(EntryFormat format) : format_(format) {}

  [[nodiscard]] EntryList with(std::span<const Change> changes) const;

  [[nodiscard]] EntryFormat format() const { return format_; }
  [[nodiscard]] bool empty() const { return leaves_.empty(); }
  [[nodiscard]] std::size_t chart_count() const { return chart_count_; }
  [[nodiscard]] std::size_t version_count() const { return version_count_; }
  [[nodiscard]] const std::vector<LeafPointer>& leaves() const { return leaves_; }

  /// The text of the list from the first chart's opening on, about one piece a leaf.
  [[nodiscard]] Rope text() const;
  /// Differs whenever text() does.
  [[nodiscard]] const Digest& digest() const { return digest_; }

  /// The texts of an entry; nothing if it is not listed.
  [[nodiscard]] std::optional<EntryText> entry(const ChartVersion& version) const;

  // What follows searches by name and is for lists in byte order only: the natural order is not
  // transitive for every set of names.

  /// Where the chart's entries stand; nothing if there are none.
  [[nodiscard]] std::optional<Range> chart(std::string_view name) const;
  /// The entry of exactly this name and version.
  [[nodiscard]] std::optional<Position> find(std::string_view name, std::string_view version) const;

  /// Where the chart with this number (from 0, in the list's order) begins; the end if there are
  /// not that many. Takes a step per leaf, not per entry.
  [[nodiscard]] Position chart_begin(std::size_t number) const;

  [[nodiscard]] const ChartVersionPointer& version(Position position) const;
  [[nodiscard]] Rope body(Position position) const;
  [[nodiscard]] Position next(Position position) const;
  [[nodiscard]] Position end() const { return {leaves_.size(), 0}; }

  /// The text of a range of whole charts, which may be empty, from its first chart's opening on.
  [[nodiscard]] Rope charts(Range range) const;
  /// The text of a range from its first entry's body to its last's.
  [[nodiscard]] Rope bodies(Range range) const;

  /// The name order of this list's format; total for byte order, for natural order see above.
  [[nodiscard]] static bool name_before(EntryFormat format, std::string_view left,
                                        std::string_view right);

 private:
  class Edit;

  template <class Before>
  [[nodiscard]] Position first_not(Before before) const;
  /// Whether the first entry of this leaf goes on with the chart of the leaf before.
  [[nodiscard]] bool continues(std::size_t leaf) const { return continues_[leaf]; }
  /// Appends the text from offset `from` of the range's first leaf to the range's last body.
  void append_bodies(Rope& rope, Range range, std::size_t from) const;
  /// What stands between two entries of the chart with this opening.
  [[nodiscard]] static std::string_view separator(EntryFormat format, std::string_view opening);

  EntryFormat format_;
  std::vector<LeafPointer> leaves_;
  std::vector<bool> continues_;  // by leaf; kept, because to tell takes a look at two entries
  std::size_t chart_count_ = 0;
  std::size_t version_count_ = 0;
  Digest digest_;
};

}  // namespace chartmuseum::repository

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/digest.hpp"
#include "base/rope.hpp"
#include "repository/branch.hpp"
#include "repository/leaf.hpp"
#include "repository/leaf_edit.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <ranges>
#include <span>
#include <string_view>
#include <vector>

namespace chartmuseum::repository {

/// The rendered entries of an index in order: by chart, within a chart newest first. Immutable:
/// with() makes a new list that shares all but the leaves and branches that changed, so that a
/// change costs the copy of one leaf's text and a few hundred steps, however many entries there
/// are. A value; thread-safe to read.
class EntryList {
 public:
  /// Where an entry stands; `leaf == leaf_count()` is the end.
  struct Position {
    std::size_t leaf = 0;
    std::size_t item = 0;
    bool operator==(const Position&) const = default;
  };
  struct Range {
    Position begin;
    Position end;
  };

  explicit EntryList(EntryFormat format) : format_(format) {}

  /// Of each change, `chart_listed` says whether this list may hold entries of its chart. All
  /// changes of one chart stand together.
  [[nodiscard]] EntryList with(std::span<const ListChange> changes) const;

  [[nodiscard]] EntryFormat format() const { return format_; }
  [[nodiscard]] bool empty() const { return branches_.empty(); }
  [[nodiscard]] std::size_t chart_count() const { return chart_count_; }
  [[nodiscard]] std::size_t version_count() const { return version_count_; }
  [[nodiscard]] std::size_t leaf_count() const { return leaf_count_; }
  [[nodiscard]] const LeafPointer& leaf(std::size_t number) const;
  /// All leaves, as a view of this list.
  [[nodiscard]] auto leaves() const {
    return std::views::iota(std::size_t{0}, leaf_count_) |
           std::views::transform(
               [this](std::size_t number) -> const LeafPointer& { return leaf(number); });
  }

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
  /// not that many. Takes a step per branch, not per entry.
  [[nodiscard]] Position chart_begin(std::size_t number) const;

  [[nodiscard]] const ChartVersionPointer& version(Position position) const;
  [[nodiscard]] Rope body(Position position) const;
  [[nodiscard]] Position next(Position position) const;
  [[nodiscard]] Position end() const { return {leaf_count_, 0}; }

  /// The text of a range of whole charts, which may be empty, from its first chart's opening on.
  [[nodiscard]] Rope charts(Range range) const;
  /// The text of a range from its first entry's body to its last's.
  [[nodiscard]] Rope bodies(Range range) const;

 private:
  class Branches;
  struct Shared {
    BranchPointer branch;
    std::size_t origin;  // where it stood in the list before
  };

  EntryList(const EntryList& before, std::vector<Shared> branches);

  using Before = std::function<bool(const ChartVersion&)>;
  /// The first entry that is not before what is sought.
  [[nodiscard]] Position first_not(const Before& before) const;
  [[nodiscard]] std::size_t branch_holding(std::size_t leaf) const;
  /// Whether the first entry of this leaf goes on with the chart of the leaf before.
  [[nodiscard]] bool continues(std::size_t leaf) const;
  /// Appends the text from offset `from` of the range's first leaf to the range's last body.
  void append_bodies(Rope& rope, Range range, std::size_t from) const;

  [[nodiscard]] bool is_near_chart(const ChartVersion& wanted) const;
  [[nodiscard]] std::optional<std::size_t> branch_of_chart(const ChartVersion& wanted) const;
  [[nodiscard]] std::size_t branch_for(const ListChange& change) const;

  EntryFormat format_;
  std::vector<BranchPointer> branches_;
  std::vector<std::size_t> starts_;  // by branch: the number of its first leaf
  std::vector<bool> continues_;      // by branch: it goes on with the chart of the branch before
  std::size_t leaf_count_ = 0;
  std::size_t chart_count_ = 0;
  std::size_t version_count_ = 0;
  Digest digest_;
};

}  // namespace chartmuseum::repository

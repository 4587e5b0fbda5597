// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/digest.hpp"
#include "encoding/gzip_writer.hpp"
#include "repository/rendered_entry.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::repository {

enum class EntryFormat {
  yaml,  // charts in natural order, as the reference orders a mapping's keys
  json,  // charts in byte order
};

/// The name order of a format; total for byte order. The natural order is not transitive for every
/// set of names: "x9", "x10", "x1a" go round in a circle.
[[nodiscard]] bool name_before(EntryFormat format, std::string_view left, std::string_view right);

/// The order of a format's entries: by name, then newest first.
[[nodiscard]] bool entry_before(EntryFormat format, const ChartVersion& left,
                                const ChartVersion& right);

/// What stands between two entries of the chart with this opening.
[[nodiscard]] std::string_view entry_separator(EntryFormat format, std::string_view opening);

/// Consecutive entries with everything that stands between them. This is where text is final: a
/// leaf is what is shared between snapshots, compressed and sent. Immutable; thread-safe.
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

  [[nodiscard]] const ChartVersion& first() const { return *items.front().version; }
  [[nodiscard]] const ChartVersion& last() const { return *items.back().version; }

  [[nodiscard]] std::string_view body(std::size_t item) const;
  /// The opening of the chart of `item`, which must be the first of that chart in this leaf.
  [[nodiscard]] std::string_view opening(std::size_t item) const;

  /// `text` from an offset on, deflated to stand behind `before`, the text of the leaf before
  /// (null: behind anything). Kept, and made again only for another neighbour.
  [[nodiscard]] encoding::DeflatedText deflated(
      std::size_t from, const std::shared_ptr<const std::string>& before) const;

 private:
  struct Deflated {
    encoding::DeflatedText text;
    std::size_t from = 0;
    std::weak_ptr<const std::string> before;
  };
  mutable std::mutex mutex_;
  mutable std::optional<Deflated> deflated_;
};

using LeafPointer = std::shared_ptr<const Leaf>;

}  // namespace chartmuseum::repository

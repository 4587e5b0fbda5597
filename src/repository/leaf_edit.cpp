// SPDX-License-Identifier: Apache-2.0
#include "repository/leaf_edit.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace chartmuseum::repository {

namespace {

constexpr std::size_t kLargestLeaf = 64UL * 1024;   // bytes of text, unless one entry has more
constexpr std::size_t kSmallestLeaf = 16UL * 1024;  // a changed leaf below joins a neighbour

/// An entry of a leaf that is being changed. The texts belong to the old leaf or to the change.
struct LooseEntry {
  ChartVersionPointer version;
  std::string_view opening;
  std::string_view body;
};

struct LooseLeaf {
  std::vector<LooseEntry> entries;
  std::size_t bytes = 0;  // of bodies, and of openings as if each entry began a chart
};

std::size_t weight(const LooseEntry& entry) {
  return entry.opening.size() + entry.body.size();
}

/// Leaves while changes are applied to them.
class Edit {
 public:
  Edit(EntryFormat format, std::span<const LeafPointer> leaves) : format_(format) {
    slots_.reserve(leaves.size() + 1);
    for (const LeafPointer& leaf : leaves) slots_.push_back({.frozen = leaf, .loose = {}});
  }

  void apply(const ListChange& change) {
    const ChartVersion& wanted = *change.version;
    Place place = find(wanted);
    if (change.chart_listed && !is_at_chart(place, wanted.name)) {
      if (const auto found = search_everywhere(wanted)) place = *found;
    }
    const bool present =
        place.slot < slots_.size() && place.entry < count(place.slot) && is_same(at(place), wanted);
    if (change.text == nullptr) {
      if (present) erase(place);
      return;
    }
    LooseEntry entry{
        .version = change.version, .opening = change.text->opening, .body = change.text->body};
    if (present) {
      replace(place, std::move(entry));
    } else {
      insert(place, std::move(entry));
    }
  }

  std::vector<LeafPointer> finish() {
    std::vector<LeafPointer> leaves;
    leaves.reserve(slots_.size() + 1);
    LooseLeaf current;
    for (Slot& slot : slots_) {
      const bool joins = !current.entries.empty() && current.bytes < kSmallestLeaf;
      if (slot.frozen) {
        if (!joins || current.bytes + slot.frozen->text->size() > kLargestLeaf) {
          freeze(leaves, current);
          leaves.push_back(std::move(slot.frozen));
          continue;
        }
        slot.loose = loosen(slot.frozen);
      }
      if (!joins && slot.loose->bytes >= kSmallestLeaf) freeze(leaves, current);
      append(current, std::move(*slot.loose));
    }
    if (!leaves.empty() && !current.entries.empty() && current.bytes < kSmallestLeaf &&
        current.bytes + leaves.back()->text->size() <= kLargestLeaf) {
      LooseLeaf joined = *loosen(leaves.back());
      replaced_.push_back(std::move(leaves.back()));
      leaves.pop_back();
      append(joined, std::move(current));
      current = std::move(joined);
    }
    freeze(leaves, current);
    return leaves;
  }

 private:
  struct Slot {
    LeafPointer frozen;                // or:
    std::unique_ptr<LooseLeaf> loose;  // never empty
  };
  struct Place {
    std::size_t slot = 0;
    std::size_t entry = 0;  // may be one past the slot's last
  };

  [[nodiscard]] std::size_t count(std::size_t slot) const {
    const Slot& in = slots_[slot];
    return in.frozen ? in.frozen->items.size() : in.loose->entries.size();
  }
  [[nodiscard]] const ChartVersion& at(Place place) const {
    const Slot& in = slots_[place.slot];
    return in.frozen ? *in.frozen->items[place.entry].version
                     : *in.loose->entries[place.entry].version;
  }

  static bool is_same(const ChartVersion& left, const ChartVersion& right) {
    return left.name == right.name && left.version == right.version;
  }
  [[nodiscard]] bool before(const ChartVersion& left, const ChartVersion& right) const {
    return entry_before(format_, left, right);
  }

  /// The first place in [begin, end) whose entry is not before `wanted`.
  [[nodiscard]] std::size_t lower_bound(std::size_t slot, const ChartVersion& wanted) const {
    std::size_t begin = 0;
    std::size_t end = count(slot);
    while (begin < end) {
      const std::size_t middle = begin + (end - begin) / 2;
      if (before(at({slot, middle}), wanted)) {
        begin = middle + 1;
      } else {
        end = middle;
      }
    }
    return begin;
  }

  [[nodiscard]] Place find(const ChartVersion& wanted) const {
    if (slots_.empty()) return {};
    // Changes come sorted more often than not, so that the next one goes where the last one went.
    std::size_t slot = last_slot_;
    const bool near = slot < slots_.size() && !before(wanted, at({slot, 0})) &&
                      (slot + 1 == slots_.size() || before(wanted, at({slot + 1, 0})));
    if (!near) {
      std::size_t begin = 0;
      std::size_t end = slots_.size();
      while (begin < end) {
        const std::size_t middle = begin + (end - begin) / 2;
        if (before(wanted, at({middle, 0}))) {
          end = middle;
        } else {
          begin = middle + 1;
        }
      }
      slot = begin == 0 ? 0 : begin - 1;
    }
    return {slot, lower_bound(slot, wanted)};
  }

  [[nodiscard]] bool is_at_chart(Place place, std::string_view name) const {
    if (place.slot >= slots_.size()) return false;
    if (place.entry < count(place.slot)) {
      if (at(place).name == name) return true;
    } else if (place.slot + 1 < slots_.size() && at({place.slot + 1, 0}).name == name) {
      return true;
    }
    if (place.entry > 0) return at({place.slot, place.entry - 1}).name == name;
    return place.slot > 0 && at({place.slot - 1, count(place.slot - 1) - 1}).name == name;
  }

  [[nodiscard]] std::optional<Place> search_everywhere(const ChartVersion& wanted) const {
    std::optional<Place> end_of_chart;
    for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
      for (std::size_t entry = 0; entry < count(slot); ++entry) {
        const ChartVersion& candidate = at({slot, entry});
        if (candidate.name != wanted.name) {
          if (end_of_chart) return end_of_chart;
        } else if (newer(candidate, wanted)) {
          end_of_chart = {slot, entry + 1};
        } else {
          return Place{slot, entry};
        }
      }
    }
    return end_of_chart;
  }

  /// The slot's leaf, loose.
  LooseLeaf& touch(std::size_t slot) {
    Slot& in = slots_[slot];
    if (in.frozen) {
      in.loose = loosen(in.frozen);
      replaced_.push_back(std::exchange(in.frozen, nullptr));
    }
    last_slot_ = slot;
    return *in.loose;
  }

  static std::unique_ptr<LooseLeaf> loosen(const LeafPointer& leaf) {
    auto loose = std::make_unique<LooseLeaf>();
    loose->entries.reserve(leaf->items.size() + 1);
    std::string_view opening;
    for (std::size_t item = 0; item < leaf->items.size(); ++item) {
      const ChartVersionPointer& version = leaf->items[item].version;
      if (item == 0 || version->name != leaf->items[item - 1].version->name) {
        opening = leaf->opening(item);
      }
      loose->entries.push_back({.version = version, .opening = opening, .body = leaf->body(item)});
      loose->bytes += weight(loose->entries.back());
    }
    return loose;
  }

  void insert(Place place, LooseEntry entry) {
    if (slots_.empty()) {
      slots_.push_back({.frozen = nullptr, .loose = std::make_unique<LooseLeaf>()});
    }
    LooseLeaf& leaf = touch(place.slot);
    leaf.bytes += weight(entry);
    leaf.entries.insert(leaf.entries.begin() + static_cast<std::ptrdiff_t>(place.entry),
                        std::move(entry));
    // Many insertions at one place must not make one endless leaf.
    if (leaf.bytes > 4 * kLargestLeaf && leaf.entries.size() > 1) halve(place.slot);
  }

  void replace(Place place, LooseEntry entry) {
    LooseLeaf& leaf = touch(place.slot);
    leaf.bytes += weight(entry);
    leaf.bytes -= weight(leaf.entries[place.entry]);
    leaf.entries[place.entry] = std::move(entry);
  }

  void erase(Place place) {
    LooseLeaf& leaf = touch(place.slot);
    leaf.bytes -= weight(leaf.entries[place.entry]);
    leaf.entries.erase(leaf.entries.begin() + static_cast<std::ptrdiff_t>(place.entry));
    if (leaf.entries.empty())
      slots_.erase(slots_.begin() + static_cast<std::ptrdiff_t>(place.slot));
  }

  void halve(std::size_t slot) {
    LooseLeaf& first = *slots_[slot].loose;
    auto second = std::make_unique<LooseLeaf>();
    const auto middle =
        first.entries.begin() + static_cast<std::ptrdiff_t>(first.entries.size() / 2);
    for (auto entry = middle; entry != first.entries.end(); ++entry)
      second->bytes += weight(*entry);
    second->entries.assign(std::make_move_iterator(middle),
                           std::make_move_iterator(first.entries.end()));
    first.entries.erase(middle, first.entries.end());
    first.bytes -= second->bytes;
    slots_.insert(slots_.begin() + static_cast<std::ptrdiff_t>(slot) + 1,
                  {.frozen = nullptr, .loose = std::move(second)});
  }

  static void append(LooseLeaf& leaf, LooseLeaf&& more) {
    leaf.bytes += more.bytes;
    if (leaf.entries.empty()) {
      leaf.entries = std::move(more.entries);
    } else {
      leaf.entries.insert(leaf.entries.end(), std::make_move_iterator(more.entries.begin()),
                          std::make_move_iterator(more.entries.end()));
    }
  }

  /// Puts a loose leaf's entries into as many leaves of about equal size as they need.
  void freeze(std::vector<LeafPointer>& leaves, LooseLeaf& loose) {
    const std::size_t parts = (loose.bytes + kLargestLeaf - 1) / kLargestLeaf;
    std::size_t rest = loose.bytes;
    std::size_t begin = 0;
    for (std::size_t part = 0; begin < loose.entries.size(); ++part) {
      const std::size_t share =
          part + 1 < parts ? rest / (parts - part) : std::min(rest, kLargestLeaf);
      std::size_t end = begin;
      std::size_t bytes = 0;
      while (end < loose.entries.size() &&
             (end == begin || bytes + weight(loose.entries[end]) <= share)) {
        bytes += weight(loose.entries[end++]);
      }
      rest -= bytes;
      leaves.push_back(make_leaf(std::span(loose.entries).subspan(begin, end - begin), bytes));
      begin = end;
    }
    loose = {};
  }

  [[nodiscard]] LeafPointer make_leaf(std::span<const LooseEntry> entries,
                                      std::size_t bytes) const {
    auto leaf = std::make_shared<Leaf>();
    leaf->items.reserve(entries.size());
    std::string text;
    text.reserve(bytes);
    std::string fingerprints;
    fingerprints.reserve(entries.size() * sizeof(ChartVersion::Fingerprint));
    const LooseEntry* previous = nullptr;
    for (const LooseEntry& entry : entries) {
      const bool begins = previous == nullptr || previous->version->name != entry.version->name;
      if (begins && previous != nullptr) ++leaf->inner_charts;
      text += begins ? entry.opening : entry_separator(format_, entry.opening);
      const std::size_t begin = text.size();
      text += entry.body;
      leaf->items.push_back({.version = entry.version,
                             .begin = static_cast<std::uint32_t>(begin),
                             .end = static_cast<std::uint32_t>(text.size())});
      const ChartVersion::Fingerprint& fingerprint = entry.version->fingerprint;
      fingerprints.append(fingerprint.begin(), fingerprint.end());
      previous = &entry;
    }
    text.shrink_to_fit();
    // Not of the text itself: it is large, and all but one of its entries are what they were.
    leaf->digest = Digest::of(fingerprints);
    leaf->text = std::make_shared<const std::string>(std::move(text));
    return leaf;
  }

  EntryFormat format_;
  std::vector<Slot> slots_;
  std::size_t last_slot_ = 0;
  std::vector<LeafPointer> replaced_;  // kept, because loose entries point into their texts
};

}  // namespace

std::vector<LeafPointer> edit_leaves(EntryFormat format, std::span<const LeafPointer> leaves,
                                     std::span<const ListChange> changes) {
  Edit edit(format, leaves);
  for (const ListChange& change : changes) edit.apply(change);
  return edit.finish();
}

}  // namespace chartmuseum::repository

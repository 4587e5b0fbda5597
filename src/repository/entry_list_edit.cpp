// SPDX-License-Identifier: Apache-2.0
#include "repository/entry_list.hpp"
#include "repository/leaf_edit.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace chartmuseum::repository {

namespace {

constexpr std::size_t kMostLeaves = 48;   // of a branch
constexpr std::size_t kFewestLeaves = 8;  // a changed branch with fewer joins a neighbour

constexpr std::size_t kNew = static_cast<std::size_t>(-2);  // an origin that nothing follows

}  // namespace

/// Collects leaves and cuts them into branches.
class EntryList::Branches {
 public:
  /// A branch that is as it was at `origin` of the list before.
  void share(const BranchPointer& branch, std::size_t origin) {
    if (!pending_.empty() && pending_.size() < kFewestLeaves) {
      append(branch->leaves);
    } else {
      cut();
      branches_.push_back({branch, origin});
    }
  }

  void append(const std::vector<LeafPointer>& leaves) {
    pending_.insert(pending_.end(), leaves.begin(), leaves.end());
    if (pending_.size() >= kMostLeaves) cut();
  }

  std::vector<Shared> finish() {
    if (!pending_.empty() && pending_.size() < kFewestLeaves && !branches_.empty()) {
      const BranchPointer last = std::move(branches_.back().branch);
      branches_.pop_back();
      pending_.insert(pending_.begin(), last->leaves.begin(), last->leaves.end());
    }
    cut();
    return std::move(branches_);
  }

 private:
  /// Branches of about equal size of what is pending.
  void cut() {
    auto begin = std::make_move_iterator(pending_.begin());
    std::size_t left = pending_.size();
    for (std::size_t parts = (left + kMostLeaves - 1) / kMostLeaves; parts > 0; --parts) {
      const std::size_t share = left / parts;
      const auto end = begin + static_cast<std::ptrdiff_t>(share);
      branches_.push_back({make_branch(std::vector<LeafPointer>(begin, end)), kNew});
      begin = end;
      left -= share;
    }
    pending_.clear();
  }

  std::vector<Shared> branches_;
  std::vector<LeafPointer> pending_;
};

EntryList::EntryList(const EntryList& before, std::vector<Shared> branches)
    : format_(before.format_) {
  std::string digests;
  digests.reserve(branches.size() * sizeof(Digest));
  branches_.reserve(branches.size());
  starts_.reserve(branches.size());
  continues_.reserve(branches.size());
  for (std::size_t at = 0; at < branches.size(); ++at) {
    const Branch& branch = *branches[at].branch;
    const std::size_t origin = branches[at].origin;
    const bool neighbours_stayed =
        at > 0 && origin != kNew && branches[at - 1].origin + 1 == origin;
    continues_.push_back(neighbours_stayed
                             ? before.continues_[origin]
                             : at > 0 && branches_.back()->last().name == branch.first().name);
    starts_.push_back(leaf_count_);
    leaf_count_ += branch.leaves.size();
    version_count_ += branch.versions;
    chart_count_ += branch.charts - (continues_.back() ? 1 : 0);
    digests.append(branch.digest.bytes().begin(), branch.digest.bytes().end());
    branches_.push_back(std::move(branches[at].branch));
  }
  digest_ = Digest::of(digests);
}

/// Whether an entry of the chart stands next to where `wanted` stands or would be put.
bool EntryList::is_near_chart(const ChartVersion& wanted) const {
  const Position at =
      first_not([&](const ChartVersion& other) { return entry_before(format_, other, wanted); });
  if (at != end() && version(at)->name == wanted.name) return true;
  if (at == Position{}) return false;
  return (at.item > 0 ? *leaf(at.leaf)->items[at.item - 1].version : leaf(at.leaf - 1)->last())
             .name == wanted.name;
}

/// The branch with the place for `wanted` among the entries of its chart, wherever these stand.
std::optional<std::size_t> EntryList::branch_of_chart(const ChartVersion& wanted) const {
  std::optional<std::size_t> found;
  for (std::size_t at = 0; at < branches_.size(); ++at) {
    for (const LeafPointer& leaf : branches_[at]->leaves) {
      for (const Leaf::Item& item : leaf->items) {
        if (item.version->name != wanted.name) continue;
        found = at;
        if (!newer(*item.version, wanted)) return found;
      }
    }
  }
  return found;
}

std::size_t EntryList::branch_for(const ListChange& change) const {
  if (branches_.empty()) return 0;
  if (change.chart_listed && !is_near_chart(*change.version)) {
    if (const auto found = branch_of_chart(*change.version)) return *found;
  }
  // The last one that does not begin behind it.
  const auto behind = std::ranges::partition_point(branches_, [&](const BranchPointer& branch) {
    return !entry_before(format_, *change.version, branch->first());
  });
  return behind == branches_.begin() ? 0 : static_cast<std::size_t>(behind - branches_.begin()) - 1;
}

EntryList EntryList::with(std::span<const ListChange> changes) const {
  if (changes.empty()) return *this;
  std::vector<std::vector<ListChange>> by_branch(std::max<std::size_t>(1, branches_.size()));
  const ListChange* before = nullptr;
  std::size_t branch = 0;
  for (const ListChange& change : changes) {
    // A chart that is new with these changes is where its first version was put.
    const bool joins = format_ == EntryFormat::yaml && before != nullptr && !change.chart_listed &&
                       before->version->name == change.version->name;
    if (!joins) branch = branch_for(change);
    by_branch[branch].push_back(change);
    if (joins) by_branch[branch].back().chart_listed = true;
    before = &change;
  }

  Branches next;
  for (std::size_t at = 0; at < by_branch.size(); ++at) {
    if (by_branch[at].empty()) {
      next.share(branches_[at], at);
      continue;
    }
    std::span<const LeafPointer> leaves;
    if (!branches_.empty()) leaves = branches_[at]->leaves;
    next.append(edit_leaves(format_, leaves, by_branch[at]));
  }
  return {*this, next.finish()};
}

}  // namespace chartmuseum::repository

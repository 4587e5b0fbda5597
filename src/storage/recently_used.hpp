// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace chartmuseum::storage {

/// Values by key, in the order in which they were last used, each with a cost that its owner
/// decides. One thread at a time.
template <class Value>
class RecentlyUsed {
 public:
  [[nodiscard]] std::uint64_t cost() const { return cost_; }  // of all
  [[nodiscard]] std::size_t size() const { return by_key_.size(); }

  /// The value, which is now the one used last; null if there is none. Valid until it goes.
  Value* use(std::string_view key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    latest_first_.splice(latest_first_.begin(), latest_first_, found->second);
    return &found->second->value;
  }

  /// Takes the place of what had the key.
  void put(std::string key, Value value, std::uint64_t cost) {
    erase(key);
    latest_first_.push_front({std::move(key), std::move(value), cost});
    by_key_.emplace(latest_first_.front().key, latest_first_.begin());
    cost_ += cost;
  }

  bool erase(std::string_view key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return false;
    drop(found->second);
    return true;
  }

  /// Lets those go that were not used for the longest, except for those that `may_go` is false
  /// of, until `enough` is true. May look at all of them.
  template <class Enough, class MayGo>
  void shed(const Enough& enough, const MayGo& may_go) {
    for (auto at = latest_first_.end(); at != latest_first_.begin() && !enough();) {
      --at;
      if (may_go(std::as_const(at->key), at->value)) at = drop(at);
    }
  }

 private:
  struct Used {
    std::string key;
    Value value;
    std::uint64_t cost;
  };
  using Place = typename std::list<Used>::iterator;

  Place drop(Place used) {
    cost_ -= used->cost;
    by_key_.erase(used->key);
    return latest_first_.erase(used);
  }

  std::list<Used> latest_first_;
  std::unordered_map<std::string_view, Place> by_key_;  // refers to Used::key
  std::uint64_t cost_ = 0;
};

}  // namespace chartmuseum::storage

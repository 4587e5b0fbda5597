// SPDX-License-Identifier: Apache-2.0
#include "storage/trusted_versions.hpp"

#include "storage/object_key.hpp"

#include <utility>

namespace chartmuseum::storage {

std::atomic<std::uint32_t>& TrustedVersions::mark_of(std::string_view key) const {
  return marks_[std::hash<std::string_view>{}(key) % marks_.size()];
}

std::uint32_t TrustedVersions::mark(std::string_view key) const {
  return mark_of(key).load();
}

void TrustedVersions::written(std::string_view key) {
  const std::lock_guard lock(mutex_);
  ++mark_of(key);
  noted_.erase(key);
}

void TrustedVersions::note(std::string_view key, ObjectInfo info, std::uint32_t mark) {
  const Clock::time_point until = clock_() + trust_;
  const std::lock_guard lock(mutex_);
  if (mark_of(key).load() != mark) return;
  noted_.shed([this] { return noted_.size() < kMost; },
              [](const std::string&, const Noted&) { return true; });
  noted_.put(std::string(key), {std::move(info), until}, 1);
}

std::optional<ObjectInfo> TrustedVersions::find(std::string_view key) {
  const Clock::time_point now = clock_();
  const std::lock_guard lock(mutex_);
  const Noted* noted = noted_.use(key);
  if (noted == nullptr || noted->until <= now) return std::nullopt;
  return noted->info;
}

void TrustedVersions::compare(const std::string& folder, const std::vector<ObjectInfo>& infos) {
  const std::lock_guard lock(mutex_);
  if (noted_.size() == 0) return;
  for (const ObjectInfo& info : infos) {
    const std::string key = join_key(folder, info.name);
    const Noted* noted = noted_.use(key);
    if (noted != nullptr && !noted->info.same_content(info)) noted_.erase(key);
  }
}

}  // namespace chartmuseum::storage

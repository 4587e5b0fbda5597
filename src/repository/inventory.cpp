// SPDX-License-Identifier: Apache-2.0
#include "repository/inventory.hpp"

#include <boost/container_hash/hash.hpp>

#include <algorithm>
#include <functional>
#include <iterator>
#include <ranges>

namespace chartmuseum::repository {

namespace {

std::size_t hash_of(std::string_view text) {
  return std::hash<std::string_view>()(text);
}

std::pair<std::string, std::string> identity_of(const ChartVersion& version) {
  return {std::string(version.name), std::string(version.version)};
}

/// Whether the object of `left` rather than that of `right` lists the version that both hold.
bool preferred(const ChartVersion& left, const ChartVersion& right) {
  const std::string usual = package_file_name(left.name, left.version);
  if (left.file_name == usual || right.file_name == usual) return left.file_name == usual;
  return left.file_name < right.file_name;
}

}  // namespace

ObjectKind kind_of(std::string_view file_name) {
  if (file_name.ends_with(".tgz")) return ObjectKind::package;
  return file_name.ends_with(".tgz.prov") ? ObjectKind::provenance : ObjectKind::other;
}

SeenObject::SeenObject(const storage::ObjectInfo& info)
    : size(info.size),
      modified(info.modified),
      etag(info.etag.empty() ? 0 : std::max<std::size_t>(1, hash_of(info.etag))) {}

bool SeenObject::same_content(const storage::ObjectInfo& info) const {
  const SeenObject other(info);
  if (etag != 0 && other.etag != 0) return etag == other.etag;
  return size == other.size && modified == other.modified;
}

std::size_t Inventory::IdentityHash::operator()(const ChartVersion* version) const {
  return (*this)(Identity(version->name, version->version));
}

std::size_t Inventory::IdentityHash::operator()(const Identity& identity) const {
  std::size_t seed = hash_of(identity.first);
  boost::hash_combine(seed, hash_of(identity.second));
  return seed;
}

bool Inventory::IdentityEqual::operator()(const ChartVersion* left,
                                          const ChartVersion* right) const {
  return left->name == right->name && left->version == right->version;
}

bool Inventory::IdentityEqual::operator()(const Identity& left, const ChartVersion* right) const {
  return left.first == right->name && left.second == right->version;
}

bool Inventory::IdentityEqual::operator()(const ChartVersion* left, const Identity& right) const {
  return (*this)(right, left);
}

bool Inventory::contains(std::string_view file_name) const {
  return records_.contains(file_name);
}

std::optional<SeenObject> Inventory::seen(std::string_view file_name) const {
  const auto record = records_.find(file_name);
  if (record == records_.end()) return std::nullopt;
  return record->second.seen;
}

ChartVersionPointer Inventory::version_in(std::string_view file_name) const {
  const auto record = records_.find(file_name);
  if (record == records_.end()) return nullptr;
  const auto* const version = std::get_if<ChartVersionPointer>(&record->second.content);
  return version == nullptr ? nullptr : *version;
}

std::optional<RenderedEntry> Inventory::entry_in(std::string_view file_name,
                                                 const Entries& listed) const {
  const auto record = records_.find(file_name);
  if (record == records_.end()) return std::nullopt;
  const auto* const version = std::get_if<ChartVersionPointer>(&record->second.content);
  if (version == nullptr) return std::nullopt;
  const auto listing = listed_.find(version->get());
  if (listing != listed_.end() && *listing == version->get()) {
    return rendered(record->second, listed);
  }
  const auto others = unlisted_.find(identity_of(**version));
  if (others == unlisted_.end()) return std::nullopt;
  const auto same = std::ranges::find(others->second, *version, &RenderedEntry::version);
  if (same == others->second.end()) return std::nullopt;
  return *same;
}

std::vector<std::string> Inventory::files_of(std::string_view name,
                                             std::string_view version) const {
  std::vector<std::string> files;
  const auto listed = listed_.find(Identity(name, version));
  if (listed == listed_.end()) return files;
  files.emplace_back((*listed)->file_name);
  if (const auto others = unlisted_.find(identity_of(**listed)); others != unlisted_.end()) {
    for (const RenderedEntry& other : others->second) files.emplace_back(other.version->file_name);
  }
  return files;
}

std::optional<std::string> Inventory::put_package(const storage::ObjectInfo& info,
                                                  RenderedEntry entry, const Entries& listed) {
  remove(info.name);
  const ChartVersionPointer version = entry.version;
  records_.emplace(version->file_name, Record{.seen = SeenObject(info), .content = version});

  const auto rival = listed_.find(version.get());
  if (rival == listed_.end()) {
    list(std::move(entry));
    return std::nullopt;
  }
  std::string other((*rival)->file_name);
  std::vector<RenderedEntry>& others = unlisted_[identity_of(*version)];
  if (preferred(*version, **rival)) {
    others.push_back(rendered(records_.find((*rival)->file_name)->second, listed));
    listed_.erase(rival);
    list(std::move(entry));
  } else {
    others.push_back(std::move(entry));
  }
  return other;
}

void Inventory::put_broken(const storage::ObjectInfo& info) {
  put_named(info);
}
void Inventory::put_provenance(const storage::ObjectInfo& info) {
  put_named(info);
}

void Inventory::put_named(const storage::ObjectInfo& info) {
  remove(info.name);
  auto name = std::make_shared<const std::string>(info.name);
  const std::string_view key = *name;
  records_.emplace(key, Record{.seen = SeenObject(info), .content = std::move(name)});
}

void Inventory::remove(std::string_view file_name) {
  const auto found = records_.find(file_name);
  if (found == records_.end()) return;
  // The record owns the text of its key, so it must go after it.
  const auto record = records_.extract(found);
  if (const auto* version = std::get_if<ChartVersionPointer>(&record.mapped().content)) {
    unlist(*version);
  }
}

void Inventory::list(RenderedEntry entry) {
  listed_.insert(entry.version.get());
  changes_.push_back({.entry = std::move(entry), .removed = false});
}

void Inventory::unlist(const ChartVersionPointer& gone) {
  const ChartVersion& version = *gone;
  const auto others = unlisted_.find(identity_of(version));
  const auto listed = listed_.find(&version);
  if (*listed != &version) {
    std::erase_if(others->second, [&version](const RenderedEntry& other) {
      return other.version.get() == &version;
    });
  } else {
    listed_.erase(listed);
    if (others == unlisted_.end()) {
      changes_.push_back({.entry = {.version = gone, .yaml = {}, .json = {}}, .removed = true});
      return;
    }
    const auto best = std::ranges::min_element(
        others->second, [](const RenderedEntry& left, const RenderedEntry& right) {
          return preferred(*left.version, *right.version);
        });
    RenderedEntry next = std::move(*best);
    others->second.erase(best);
    list(std::move(next));
  }
  if (others->second.empty()) unlisted_.erase(others);
}

RenderedEntry Inventory::rendered(const Record& record, const Entries& listed) const {
  const auto& version = std::get<ChartVersionPointer>(record.content);
  for (const EntryChange& change : changes_ | std::views::reverse) {
    if (!change.removed && change.entry.version == version) return change.entry;
  }
  return listed.entry(version);
}

Inventory::Difference Inventory::compare(std::span<const storage::ObjectInfo> listing) {
  Difference difference;
  ++comparison_;
  for (std::size_t i = 0; i < listing.size(); ++i) {
    if (kind_of(listing[i].name) == ObjectKind::other) continue;
    const auto found = records_.find(listing[i].name);
    if (found != records_.end()) found->second.comparison = comparison_;
    if (found == records_.end() || !found->second.seen.same_content(listing[i])) {
      difference.changed.push_back(i);
    } else if (found->second.seen.modified != listing[i].modified) {
      if (std::holds_alternative<ChartVersionPointer>(found->second.content)) {
        difference.retimed.push_back(i);
      } else {
        found->second.seen.modified = listing[i].modified;
      }
    }
  }
  for (const auto& [name, record] : records_) {
    if (record.comparison != comparison_) difference.gone.emplace_back(name);
  }
  return difference;
}

}  // namespace chartmuseum::repository

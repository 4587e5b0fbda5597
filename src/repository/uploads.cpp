// SPDX-License-Identifier: Apache-2.0
#include "repository/uploads.hpp"

#include "chart/version.hpp"
#include "repository/entry_renderer.hpp"
#include "repository/large_package.hpp"
#include "repository/object_changes.hpp"
#include "storage/object_key.hpp"

#include <algorithm>
#include <utility>

namespace chartmuseum::repository {

namespace {

constexpr std::string_view kProvenanceExtension = ".prov";
constexpr std::size_t kLongestFileName = 255;

std::string provenance_of(const std::string& package) {
  return package + std::string(kProvenanceExtension);
}

Refused invalid(std::string message) {
  return {.kind = Refusal::invalid, .message = std::move(message)};
}

Task<std::optional<Digest>> digest_of(const Push& push) {
  co_return digest_to_tell(*push.package, push.package_part->bytes);
}

std::optional<Refused> check_file_name(const std::string& file_name, std::size_t added,
                                       ObjectKind kind) {
  if (file_name.size() + added > kLongestFileName) {
    return invalid("the chart's name and version are too long for a file name");
  }
  if (!storage::valid_segment(file_name) || kind_of(file_name) != kind) {
    return invalid(file_name + " is improperly formatted");
  }
  return std::nullopt;
}

}  // namespace

std::optional<Refused> check_push(const Push& push, const Settings& settings) {
  if (push.package_part) {
    const std::string& file_name = push.package_part->file_name;
    // Its provenance file has to find room beside it one day.
    if (auto refused =
            check_file_name(file_name, kProvenanceExtension.size(), ObjectKind::package)) {
      return refused;
    }
    if (settings.enforce_semver2 &&
        !chart::Version::parse_strict(push.package->metadata().version)) {
      return invalid("semver2 validation: Invalid Semantic Version");
    }
  }
  if (push.provenance_part) {
    return check_file_name(push.provenance_part->file_name, 0, ObjectKind::provenance);
  }
  return std::nullopt;
}

/// Room for objects that are on their way, so that pushes that come together cannot exceed the
/// limit together.
struct Uploads::Reservation {
  Reservation(Uploads& uploads, std::size_t objects) : uploads_(uploads), objects_(objects) {
    uploads_.reserved_ += objects_;
  }
  ~Reservation() { uploads_.reserved_ -= objects_; }
  Reservation(const Reservation&) = delete;
  Reservation& operator=(const Reservation&) = delete;

 private:
  Uploads& uploads_;
  std::size_t objects_;
};

/// Objects that are being changed, their keys locked.
struct Uploads::Change {
  Change(Reconciler& reconciler, KeyedLock::Guard guard, std::vector<std::string> file_names)
      : reconciler_(reconciler), guard_(std::move(guard)), file_names_(std::move(file_names)) {
    reconciler_.begin_change(file_names_);
  }
  ~Change() {
    guard_.reset();
    reconciler_.end_change(file_names_);
  }
  Change(const Change&) = delete;
  Change& operator=(const Change&) = delete;

 private:
  Reconciler& reconciler_;
  std::optional<KeyedLock::Guard> guard_;
  std::vector<std::string> file_names_;
};

/// The place of a stored package among those that arrive, until its push has ended.
struct Uploads::Arrival {
  Arrival(Uploads& uploads, std::string package, std::uint64_t number)
      : uploads_(uploads), package_(std::move(package)), number_(number) {
    uploads_.arriving_[package_] = number_;
  }
  ~Arrival() {
    const auto mine = uploads_.arriving_.find(package_);
    if (mine != uploads_.arriving_.end() && mine->second == number_) uploads_.arriving_.erase(mine);
  }
  Arrival(const Arrival&) = delete;
  Arrival& operator=(const Arrival&) = delete;

 private:
  Uploads& uploads_;
  std::string package_;
  std::uint64_t number_;
};

Uploads::Uploads(Tenant& tenant, Publication& publication, IndexWriter& writer,
                 Reconciler& reconciler, KeyedLock& locks)
    : tenant_(tenant),
      publication_(publication),
      writer_(writer),
      reconciler_(reconciler),
      locks_(locks) {}

Task<Outcome<void>> Uploads::store(Push push) {
  // The provenance file first: whoever sees the package can verify it.
  std::vector<std::string> names;
  if (push.provenance_part) names.push_back(push.provenance_part->file_name);
  if (push.package_part) names.push_back(push.package_part->file_name);
  const std::string package = push.package_part ? push.package_part->file_name : std::string();
  const std::string chart = push.package ? push.package->metadata().name : std::string();

  bool is_new = false;
  const std::uint64_t arrival = ++arrivals_;
  std::optional<Arrival> arriving;
  {
    KeyedLock::Guard guard = co_await locks_.acquire(names);
    const Change change(reconciler_, std::move(guard), names);
    is_new = !package.empty() && !writer_.inventory().contains(package);
    Task<Outcome<void>> storing = store_locked(std::move(push), names);
    const Outcome<void> stored = co_await std::move(storing);
    if (!stored) {
      look_again(names);
      co_return std::unexpected(stored.error());
    }
    if (!package.empty()) arriving.emplace(*this, package, arrival);
  }
  co_await writer_.publish();
  if (is_new && tenant_.settings.per_chart_limit > 0) co_await evict(chart, arrival);
  co_return Outcome<void>();
}

Task<Outcome<void>> Uploads::store_locked(Push push, std::vector<std::string> names) {
  const Settings& settings = tenant_.settings;
  const bool overwrite = settings.allow_overwrite || (push.force && settings.allow_force_overwrite);

  std::optional<Digest> digest;
  if (push.package_part && tenant_.store->knows_digests()) {
    Task<std::optional<Digest>> looking = digest_of(push);
    digest = co_await tenant_.outside(std::move(looking));
  }
  std::vector<ObjectState> before;
  if (names.size() > 1 || settings.max_storage_objects > 0) {
    Task<Outcome<std::vector<ObjectState>>> looking = stat_objects(tenant_, names);
    auto states = co_await tenant_.outside(std::move(looking));
    if (!states) co_return std::unexpected(std::move(states.error()));
    before = *std::move(states);
  }
  const auto absent = static_cast<std::size_t>(
      std::ranges::count_if(before, [](const ObjectState& state) { return !state; }));
  if (!overwrite && absent < before.size()) {
    co_return std::unexpected(Refused{.kind = Refusal::exists});
  }
  const std::size_t limit = settings.max_storage_objects;
  if (limit > 0 && absent > 0 && writer_.inventory().count() + reserved_ + absent > limit) {
    co_return std::unexpected(Refused{.kind = Refusal::limit_reached});
  }
  const Reservation reservation(*this, absent);

  std::vector<ObjectPart> parts;
  if (push.provenance_part) {
    parts.push_back({push.provenance_part->file_name, push.provenance_part->bytes, {}});
  }
  if (push.package_part) {
    parts.push_back({push.package_part->file_name, push.package_part->bytes, std::move(digest)});
  }
  // A single put waits for the store alone, which keeps nobody's thread; several may have to read
  // what they replace.
  const bool single = parts.size() == 1;
  Task<Outcome<std::vector<storage::ObjectInfo>>> storing =
      store_objects(tenant_, std::move(parts), std::move(before), overwrite);
  if (!single) storing = tenant_.outside(std::move(storing));
  const auto stored = co_await std::move(storing);
  if (!stored) co_return std::unexpected(stored.error());

  Inventory& inventory = writer_.inventory();
  if (push.provenance_part) inventory.put_provenance(stored->front());
  if (push.package_part) {
    const storage::ObjectInfo& info = stored->back();
    EntryRenderer renderer(settings, tenant_.name);
    inventory.put_package(
        info,
        renderer.render(push.package->metadata(), info.name, info.modified, push.package->digest()),
        writer_.entries());
  }
  co_return Outcome<void>();
}

void Uploads::look_again(const std::vector<std::string>& names) {
  publication_.note_change();
  reconciler_.note({.names = names, .everything = false});
}

Task<Outcome<void>> Uploads::remove(std::string name, std::string version) {
  Task<Outcome<std::vector<std::string>>> looking = files_to_remove(name, version);
  Outcome<std::vector<std::string>> packages = co_await std::move(looking);
  if (!packages) co_return std::unexpected(packages.error());
  Task<Outcome<bool>> removing =
      remove_files(*std::move(packages), std::move(name), std::move(version));
  const Outcome<bool> removed = co_await std::move(removing);
  if (!removed) co_return std::unexpected(removed.error());
  if (!*removed) co_return std::unexpected(Refused{.kind = Refusal::absent});
  co_return Outcome<void>();
}

/// The objects that hold this chart version, or a broken one with the name that one would have.
Task<Outcome<std::vector<std::string>>> Uploads::files_to_remove(std::string name,
                                                                 std::string version) {
  const Inventory& inventory = writer_.inventory();
  std::vector<std::string> packages = inventory.files_of(name, version);
  const std::string usual = package_file_name(name, version);
  if (!packages.empty() || !storage::valid_segment(usual)) co_return packages;

  if (!inventory.contains(usual)) {  // perhaps it is new
    look_again({usual});
    const Outcome<void> seen = co_await reconciler_.catch_up(false);
    if (!seen) co_return std::unexpected(seen.error());
    if (reconciler_.failed_to_read(usual)) {
      co_return std::unexpected(
          Refused{.kind = Refusal::unavailable, .detail = usual + " cannot be read"});
    }
    packages = inventory.files_of(name, version);
  }
  // Not by its name alone: "a-1-2.0.0.tgz" is not the version 1-2.0.0 of "a" if it holds another.
  if (packages.empty() && inventory.contains(usual) && !inventory.version_in(usual)) {
    packages.push_back(usual);
  }
  co_return packages;
}

/// Unless, by now, they hold another chart version than this one.
Task<Outcome<bool>> Uploads::remove_files(std::vector<std::string> packages, std::string name,
                                          std::string version) {
  std::vector<std::string> file_names = packages;
  for (const std::string& package : packages) file_names.push_back(provenance_of(package));

  Outcome<bool> outcome = false;
  {
    KeyedLock::Guard guard = co_await locks_.acquire(file_names);
    const Change change(reconciler_, std::move(guard), file_names);
    for (const std::string& package : packages) {
      const ChartVersionPointer held = writer_.inventory().version_in(package);
      if (held && (held->name != name || held->version != version)) continue;
      Task<Outcome<bool>> removing = remove_package(tenant_, package);
      const Outcome<bool> removed = co_await tenant_.outside(std::move(removing));
      if (!removed) {
        outcome = removed;
        break;
      }
      writer_.inventory().remove(package);
      if (!*removed) continue;
      writer_.inventory().remove(provenance_of(package));
      outcome = true;
    }
  }
  if (!outcome) look_again(file_names);
  co_await writer_.publish();
  co_return outcome;
}

std::string Uploads::eldest(const std::string& chart, std::uint64_t arrival) const {
  const IndexPointer index = publication_.index();
  const EntryList& list = index->entries().json();
  const auto range = list.chart(chart);
  if (!range) return {};
  std::size_t count = 0;
  ChartVersionPointer oldest;
  for (auto at = range->begin; at != range->end; at = list.next(at)) {
    ++count;
    const ChartVersionPointer& version = list.version(at);
    const auto arriving = arriving_.find(version->file_name);
    if (arriving != arriving_.end() && arriving->second >= arrival) continue;
    // Of those as old as each other the one that is the lower version: it comes later.
    if (!oldest || version->created <= oldest->created) oldest = version;
  }
  if (count <= tenant_.settings.per_chart_limit || !oldest) return {};
  return std::string(oldest->version);
}

Task<> Uploads::evict(std::string chart, std::uint64_t arrival) {
  // One at a time: two that count together would both take the same version, and one too few.
  std::vector<std::string> key{"evict/" + chart};  // no file name holds a "/"
  const KeyedLock::Guard guard = co_await locks_.acquire(std::move(key));
  for (;;) {
    const std::string version = eldest(chart, arrival);
    if (version.empty()) co_return;
    std::vector<std::string> packages = writer_.inventory().files_of(chart, version);
    if (packages.empty()) co_return;
    Task<Outcome<bool>> removing = remove_files(std::move(packages), chart, version);
    const Outcome<bool> removed = co_await std::move(removing);
    if (!removed) {
      tenant_.log.warn("Version beyond the limit could not be removed",
                       {{"repo", std::string_view(tenant_.name)},
                        {"name", std::string_view(chart)},
                        {"version", std::string_view(version)},
                        {"error", std::string_view(removed.error().detail)}});
      co_return;
    }
  }
}

}  // namespace chartmuseum::repository

// SPDX-License-Identifier: Apache-2.0
#include "repository/statefile_reader.hpp"

#include "chart/metadata_extent.hpp"
#include "repository/entry_renderer.hpp"
#include "repository/inventory.hpp"
#include "repository/statefile_entry.hpp"
#include "repository/statefile_sections.hpp"
#include "repository/task_group.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <unistd.h>
#include <utility>
#include <variant>

namespace chartmuseum::repository {

namespace {

using storage::Failure;
using storage::FailureKind;
using storage::ObjectInfo;
using storage::Result;

constexpr std::size_t kPieceSize = 256UL * 1024;

/// The pieces of an opened object, whatever form it has.
class Pieces {
 public:
  explicit Pieces(storage::OpenObject object) : object_(std::move(object)) {}

  /// The next one; empty at the end.
  Task<Result<std::string>> next() {
    if (const auto* stream =
            std::get_if<std::shared_ptr<storage::ObjectStream>>(&object_.content)) {
      co_return co_await (*stream)->next();
    }
    if (const auto* bytes = std::get_if<std::shared_ptr<const std::string>>(&object_.content)) {
      std::string piece = (*bytes)->substr(std::min(offset_, (*bytes)->size()), kPieceSize);
      offset_ += piece.size();
      co_return piece;
    }
    co_return read_file(*std::get<std::shared_ptr<const FileDescriptor>>(object_.content));
  }

 private:
  Result<std::string> read_file(const FileDescriptor& file) {
    // The file may be longer than the object.
    const std::uint64_t left =
        object_.info.size - std::min<std::uint64_t>(object_.info.size, offset_);
    std::string piece(std::min<std::uint64_t>(kPieceSize, left), '\0');
    for (;;) {
      const ssize_t count =
          ::pread(file.get(), piece.data(), piece.size(), static_cast<off_t>(offset_));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) {
        return std::unexpected(Failure{.kind = FailureKind::unavailable,
                                       .detail = std::strerror(errno)});  // NOLINT(concurrency-*)
      }
      piece.resize(static_cast<std::size_t>(count));
      offset_ += piece.size();
      return piece;
    }
  }

  storage::OpenObject object_;
  std::size_t offset_ = 0;
};

Task<Result<std::optional<storage::OpenObject>>> open_statefile(const Tenant& tenant) {
  co_return co_await tenant.store->open(tenant.key(kStatefileName));
}

/// Cuts off the next sections; none at the end.
Task<Result<std::vector<std::string>>> next_sections(Pieces& pieces, StatefileSections& sections) {
  for (;;) {
    Result<std::string> piece = co_await pieces.next();
    if (!piece) co_return std::unexpected(std::move(piece.error()));
    const bool last = piece->empty();
    if (last) {
      sections.finish();
    } else {
      sections.add(*piece);
    }
    std::vector<std::string> cut = sections.take();
    if (last || !cut.empty() || sections.gave_up()) co_return cut;
  }
}

bool close_to(Timestamp left, Timestamp right, std::chrono::nanoseconds tolerance) {
  std::int64_t apart = 0;  // may be more than can be counted
  const bool counted = !__builtin_sub_overflow(left.time_since_epoch().count(),
                                               right.time_since_epoch().count(), &apart);
  return counted && apart <= tolerance.count() && apart >= -tolerance.count();
}

std::vector<RestoredEntry> restore(const Tenant& tenant, std::span<const ObjectInfo> listing,
                                   std::string_view section) {
  EntryRenderer renderer(tenant.settings, tenant.name);
  std::vector<RestoredEntry> restored;
  for (const StatefileEntry& entry : read_statefile_entries(section)) {
    const auto object = std::ranges::lower_bound(listing, entry.file_name, {}, &ObjectInfo::name);
    if (object == listing.end() || object->name != entry.file_name ||
        !close_to(object->modified, entry.created, tenant.settings.timestamp_tolerance) ||
        chart::extent(entry.metadata) > chart::kMaxExtent) {
      continue;
    }
    restored.push_back(
        {.position = static_cast<std::size_t>(object - listing.begin()),
         .entry = renderer.render(entry.metadata, object->name, object->modified, entry.digest)});
  }
  return restored;
}

Task<std::vector<RestoredEntry>> restore_outside(const Tenant& tenant,
                                                 std::span<const ObjectInfo> listing,
                                                 std::string section) {
  co_return restore(tenant, listing, section);
}

using OnEntries = std::function<void(std::vector<RestoredEntry>)>;

Task<> restore_section(Tenant& tenant, std::span<const ObjectInfo> listing, std::string section,
                       const OnEntries& on_entries) {
  Task<std::vector<RestoredEntry>> restoring = restore_outside(tenant, listing, std::move(section));
  std::vector<RestoredEntry> restored = co_await tenant.outside(std::move(restoring));
  on_entries(std::move(restored));
}

void log_ignored(const Tenant& tenant, std::string_view why) {
  tenant.log.warn(
      "Statefile ignored",
      {{"repo", std::string_view(tenant.name)}, {"file", kStatefileName}, {"error", why}});
}

}  // namespace

Task<> read_statefile(Tenant& tenant, std::span<const ObjectInfo> listing, OnEntries on_entries) {
  Task<Result<std::optional<storage::OpenObject>>> opening = open_statefile(tenant);
  auto opened = co_await tenant.outside(std::move(opening));
  if (!opened) {
    log_ignored(tenant, opened.error().detail);
    co_return;
  }
  if (!*opened) co_return;

  Pieces pieces(**std::move(opened));
  StatefileSections sections;
  std::size_t entries = 0;
  const OnEntries counted = [&entries, &on_entries](std::vector<RestoredEntry> restored) {
    entries += restored.size();
    on_entries(std::move(restored));
  };
  std::string problem;
  TaskGroup group(tenant.strand, tenant.workers.threads());
  std::exception_ptr thrown;
  try {
    for (;;) {
      Task<Result<std::vector<std::string>>> cutting = next_sections(pieces, sections);
      auto cut = co_await tenant.outside(std::move(cutting));
      if (!cut) problem = cut.error().detail;
      if (!cut || cut->empty()) break;
      for (std::string& section : *cut) {
        co_await group.start(restore_section(tenant, listing, std::move(section), counted));
      }
    }
  } catch (...) {
    thrown = std::current_exception();
  }
  co_await group.finish();  // in any case, since the tasks refer to what is here
  if (thrown) std::rethrow_exception(thrown);
  if (sections.gave_up()) problem = "not laid out as an index, and too large to be read whole";
  const bool has_packages = std::ranges::any_of(listing, [](const ObjectInfo& object) {
    return kind_of(object.name) == ObjectKind::package;
  });
  if (problem.empty() && entries == 0 && has_packages) problem = "no entry of it is of use";
  if (!problem.empty()) log_ignored(tenant, problem);
}

}  // namespace chartmuseum::repository

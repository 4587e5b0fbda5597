// SPDX-License-Identifier: Apache-2.0
#include "repository/examination.hpp"

#include "chart/package.hpp"
#include "repository/entry_renderer.hpp"
#include "repository/large_package.hpp"

#include <exception>
#include <expected>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace chartmuseum::repository {

namespace {

bool is_known(const Question& question, const storage::ObjectInfo& info) {
  return question.known && question.known->same_content(info);
}

Finding plain(Question question, Finding::Kind kind, storage::ObjectInfo info = {}) {
  return {.file_name = std::move(question.file_name),
          .kind = kind,
          .info = std::move(info),
          .entry = {},
          .problem = {},
          .failure = {}};
}

Finding failed(Question question, storage::Failure failure) {
  Finding finding = plain(std::move(question), Finding::Kind::failed);
  finding.failure = std::move(failure);
  return finding;
}

Finding broken(Question question, storage::ObjectInfo info, std::string problem) {
  Finding finding = plain(std::move(question), Finding::Kind::broken, std::move(info));
  finding.problem = std::move(problem);
  return finding;
}

constexpr const char* kTooLarge = "larger than a package may be";

using Entry = std::expected<RenderedEntry, std::string>;

Entry render(const Tenant& tenant, const storage::ObjectInfo& info, const chart::Metadata& metadata,
             const Digest& digest) {
  EntryRenderer renderer(tenant.settings, tenant.name);
  RenderedEntry entry = renderer.render(metadata, info.name, info.modified, digest);
  if (!entry.version) return std::unexpected("no version");
  return entry;
}

Entry render_whole(const Tenant& tenant, const storage::ObjectInfo& info, std::string_view bytes) {
  const auto package = chart::read_package(bytes);
  if (!package) return std::unexpected(package.error().message);
  return render(tenant, info, package->metadata(), package->digest());
}

/// Nothing if the whole is needed.
std::optional<Entry> render_start(const Tenant& tenant, const storage::ObjectInfo& info,
                                  const storage::ObjectStart& start) {
  const auto metadata = metadata_of(start);
  if (!metadata) return std::nullopt;
  Entry entry = render(tenant, info, *metadata, *start.digest);
  if (!entry) return std::nullopt;
  return entry;
}

/// What `make` makes of a package. Whatever one object sets off must not keep the others out of
/// the index.
template <class Make>
Finding finding_of(Question question, storage::ObjectInfo info, Make make) {
  try {
    Entry entry = make(info);
    if (!entry) return broken(std::move(question), std::move(info), std::move(entry.error()));
    Finding finding = plain(std::move(question), Finding::Kind::package, std::move(info));
    finding.entry = *std::move(entry);
    return finding;
  } catch (const std::bad_alloc&) {  // which says nothing about the package
    return failed(std::move(question), {storage::FailureKind::unavailable, "out of memory"});
  } catch (const std::exception& error) {
    return broken(std::move(question), std::move(info), error.what());
  }
}

/// What was read is of the object as it is now. Its time is the listing's where there is one: the
/// same object may have a more or a less exact one elsewhere, and all replicas see the listing.
storage::ObjectInfo read_info(const std::optional<storage::ObjectInfo>& listed,
                              storage::ObjectInfo read, const std::string& file_name) {
  read.name = file_name;
  if (listed && !listed->etag.empty() && listed->etag == read.etag) {
    read.modified = listed->modified;
  }
  return read;
}

Task<Finding> examine_one(const Tenant& tenant, Question question) {
  const std::string key = tenant.key(question.file_name);
  const std::uint64_t limit = tenant.settings.max_package_size;

  storage::ObjectInfo info;
  if (question.listed) {
    info = *question.listed;
  } else {
    auto found = co_await tenant.store->stat(key);
    if (!found) co_return failed(std::move(question), std::move(found.error()));
    if (!*found) co_return plain(std::move(question), Finding::Kind::gone);
    info = **std::move(found);
  }
  if (is_known(question, info)) co_return plain(std::move(question), Finding::Kind::unchanged);
  if (kind_of(question.file_name) == ObjectKind::provenance) {
    co_return plain(std::move(question), Finding::Kind::provenance, std::move(info));
  }
  if (info.size > limit) co_return broken(std::move(question), std::move(info), kTooLarge);

  if (info.size > kLargePackage && tenant.store->knows_digests()) {
    auto start = co_await tenant.store->get_start(key, kPackageStart);
    if (!start) co_return failed(std::move(question), std::move(start.error()));
    if (!*start) co_return plain(std::move(question), Finding::Kind::gone);
    info = read_info(question.listed, (*start)->info, question.file_name);
    if (is_known(question, info)) co_return plain(std::move(question), Finding::Kind::unchanged);
    if (info.size > limit) co_return broken(std::move(question), std::move(info), kTooLarge);
    bool enough = false;
    Finding finding = finding_of(question, info, [&](const storage::ObjectInfo& now) -> Entry {
      auto entry = render_start(tenant, now, **start);
      enough = entry.has_value();
      return enough ? *std::move(entry) : std::unexpected(std::string());
    });
    if (enough) co_return finding;
  }

  auto object = co_await tenant.store->get(key, limit);
  if (!object) {
    if (object.error().kind == storage::FailureKind::invalid) {
      co_return broken(std::move(question), std::move(info), kTooLarge);
    }
    co_return failed(std::move(question), std::move(object.error()));
  }
  if (!*object) co_return plain(std::move(question), Finding::Kind::gone);
  info = read_info(question.listed, std::move((*object)->info), question.file_name);
  if (is_known(question, info)) co_return plain(std::move(question), Finding::Kind::unchanged);
  co_return finding_of(std::move(question), std::move(info), [&](const storage::ObjectInfo& now) {
    return render_whole(tenant, now, (*object)->bytes);
  });
}

}  // namespace

Task<std::vector<Finding>> examine(const Tenant& tenant, std::vector<Question> questions) {
  std::vector<Finding> findings;
  findings.reserve(questions.size());
  for (Question& question : questions) {
    Finding finding = co_await examine_one(tenant, std::move(question));
    findings.push_back(std::move(finding));
  }
  co_return findings;
}

}  // namespace chartmuseum::repository

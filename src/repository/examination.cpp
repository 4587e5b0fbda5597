// SPDX-License-Identifier: Apache-2.0
#include "repository/examination.hpp"

#include "chart/package.hpp"
#include "repository/entry_renderer.hpp"

#include <exception>
#include <expected>
#include <new>
#include <string>
#include <utility>

namespace chartmuseum::repository {

namespace {

bool is_known(const Question& question, const storage::ObjectInfo& info) {
  return question.known && question.known->same_content(info);
}

Finding failed(Question question, const storage::Failure& failure) {
  return {.file_name = std::move(question.file_name),
          .kind = Finding::Kind::failed,
          .info = {},
          .entry = {},
          .problem = failure.detail};
}

Finding broken(Question question, storage::ObjectInfo info, std::string problem) {
  return {.file_name = std::move(question.file_name),
          .kind = Finding::Kind::broken,
          .info = std::move(info),
          .entry = {},
          .problem = std::move(problem)};
}

Finding plain(Question question, Finding::Kind kind, storage::ObjectInfo info = {}) {
  return {.file_name = std::move(question.file_name),
          .kind = kind,
          .info = std::move(info),
          .entry = {},
          .problem = {}};
}

/// The entry of a package. Whatever one object sets off must not keep the others out of the index.
std::expected<RenderedEntry, std::string> render(const Tenant& tenant, const std::string& file_name,
                                                 const storage::Object& object) {
  try {
    const auto package = chart::read_package(object.bytes);
    if (!package) return std::unexpected(package.error().message);
    EntryRenderer renderer(tenant.settings, tenant.name);
    RenderedEntry entry =
        renderer.render(package->metadata(), file_name, object.info.modified, package->digest());
    if (!entry.version) return std::unexpected("no version");
    return entry;
  } catch (const std::bad_alloc&) {
    throw;  // which says nothing about the package
  } catch (const std::exception& error) {
    return std::unexpected(error.what());
  }
}

Task<Finding> examine_one(const Tenant& tenant, Question question) {
  const std::string key = tenant.key(question.file_name);
  const std::uint64_t limit = tenant.settings.max_package_size;

  storage::ObjectInfo info;
  if (question.listed) {
    info = *std::move(question.listed);
  } else {
    auto found = co_await tenant.store->stat(key);
    if (!found) co_return failed(std::move(question), found.error());
    if (!*found) co_return plain(std::move(question), Finding::Kind::gone);
    info = **std::move(found);
  }
  if (is_known(question, info)) co_return plain(std::move(question), Finding::Kind::unchanged);
  if (kind_of(question.file_name) == ObjectKind::provenance) {
    co_return plain(std::move(question), Finding::Kind::provenance, std::move(info));
  }

  const char* const too_large = "larger than a package may be";
  if (info.size > limit) co_return broken(std::move(question), std::move(info), too_large);
  auto object = co_await tenant.store->get(key, limit);
  if (!object) {
    if (object.error().kind == storage::FailureKind::invalid) {
      co_return broken(std::move(question), std::move(info), too_large);
    }
    co_return failed(std::move(question), object.error());
  }
  if (!*object) co_return plain(std::move(question), Finding::Kind::gone);
  if (is_known(question, (*object)->info)) {
    co_return plain(std::move(question), Finding::Kind::unchanged);
  }
  std::expected<RenderedEntry, std::string> entry;
  bool out_of_memory = false;
  try {
    entry = render(tenant, question.file_name, **object);
  } catch (const std::bad_alloc&) {
    out_of_memory = true;
  }
  if (out_of_memory) {
    co_return failed(std::move(question), {storage::FailureKind::unavailable, "out of memory"});
  }
  if (!entry) {
    co_return broken(std::move(question), std::move((*object)->info), std::move(entry.error()));
  }
  Finding finding = plain(std::move(question), Finding::Kind::package, std::move((*object)->info));
  finding.entry = *std::move(entry);
  co_return finding;
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

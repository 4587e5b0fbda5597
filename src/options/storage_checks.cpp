// SPDX-License-Identifier: Apache-2.0
#include "options/storage_checks.hpp"

#include "base/ascii.hpp"
#include "options/values.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <initializer_list>
#include <system_error>
#include <utility>
#include <vector>

namespace chartmuseum::options {

namespace {

using Flags = std::vector<std::string_view>;

bool any_set(const Environment& environment, std::initializer_list<const char*> names) {
  return std::ranges::any_of(names, [&](const char* name) {
    const auto value = environment(name);
    return value && !value->empty();
  });
}

Flags missing_of_local(const Draft& draft, const Environment& /*environment*/) {
  if (!draft.local.root.empty()) return {};
  return {"storage-local-rootdir"};
}

Flags missing_of_amazon(const Draft& draft, const Environment& environment) {
  Flags missing;
  if (draft.amazon.bucket.empty()) missing.emplace_back("storage-amazon-bucket");
  // With an endpoint the region is only a part of the signature; a profile may name one.
  if (draft.amazon.region.empty() && draft.amazon.endpoint.empty() &&
      !any_set(environment,
               {"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_CONFIG_FILE"})) {
    missing.emplace_back("storage-amazon-region");
  }
  return missing;
}

Flags missing_of_google(const Draft& draft, const Environment& /*environment*/) {
  if (!draft.google.bucket.empty()) return {};
  return {"storage-google-bucket"};
}

Flags missing_of_microsoft(const Draft& draft, const Environment& /*environment*/) {
  if (!draft.microsoft.container.empty()) return {};
  return {"storage-microsoft-container"};
}

/// One row a backend.
struct Backend {
  std::string_view name;
  Flags (*missing)(const Draft&, const Environment&);
  storage::StoreSettings (*take)(Draft&);
};

constexpr std::array<Backend, 4> kBackends{{
    {"local", missing_of_local, [](Draft& d) { return storage::StoreSettings(d.local); }},
    {"amazon", missing_of_amazon, [](Draft& d) { return storage::StoreSettings(d.amazon); }},
    {"google", missing_of_google, [](Draft& d) { return storage::StoreSettings(d.google); }},
    {"microsoft", missing_of_microsoft,
     [](Draft& d) { return storage::StoreSettings(d.microsoft); }},
}};

/// The Go server's others.
constexpr std::array<std::string_view, 6> kLater{"alibaba",   "baidu",  "etcd",
                                                 "openstack", "oracle", "tencent"};

const Backend* find_backend(std::string_view name) {
  const auto* const found = std::ranges::find(kBackends, name, &Backend::name);
  return found == kBackends.end() ? nullptr : found;
}

std::string names_of_backends() {
  std::string names;
  for (const Backend& backend : kBackends) {
    names.append(names.empty() ? "" : ", ").append(backend.name);
  }
  return names;
}

UsageError missing_flags(const Backend& backend, const Flags& flags) {
  std::string message = "Missing required flags(s): ";
  for (const std::string_view flag : flags) {
    message.append(flag == flags.front() ? "--" : ", --").append(flag);
  }
  if (backend.name == "local") {
    message +=
        "\nSay which folder holds the charts, for example: "
        "chartmuseum --storage-local-rootdir=./chartstorage";
  } else {
    message.append("\ndocs/storage/").append(backend.name).append(".md has an example.");
  }
  return UsageError{std::move(message)};
}

std::optional<UsageError> make_absolute(std::filesystem::path& root) {
  std::error_code error;
  std::filesystem::path absolute = std::filesystem::absolute(root, error);
  if (error) {
    return UsageError{"--storage-local-rootdir: " + printable(root.string()) +
                      " cannot be made absolute: " + error.message()};
  }
  root = std::move(absolute);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> backend_of_later(std::string_view storage) {
  std::string name = lower_case(storage);
  if (std::ranges::find(kLater, name) == kLater.end()) return std::nullopt;
  return name;
}

std::optional<UsageError> check_storage(Draft& draft, const Environment& environment) {
  const std::string name = draft.storage.empty() ? "local" : lower_case(draft.storage);
  const Backend* const backend = find_backend(name);
  if (backend == nullptr) {
    return UsageError{"Unsupported storage backend: " + harmless(draft.storage) +
                      "; this version has: " + names_of_backends()};
  }
  const Flags missing = backend->missing(draft, environment);
  if (!missing.empty()) return missing_flags(*backend, missing);
  if (!draft.local.root.empty()) {
    if (auto error = make_absolute(draft.local.root)) return error;
  }
  draft.options.store = backend->take(draft);
  return std::nullopt;
}

}  // namespace chartmuseum::options

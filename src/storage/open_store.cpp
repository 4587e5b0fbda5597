// SPDX-License-Identifier: Apache-2.0
#include "storage/open_store.hpp"

#include "base/digest.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace chartmuseum::storage {

namespace {

using Opened = std::expected<std::shared_ptr<ObjectStore>, std::string>;

/// What is wrong with the folder; nothing if it can be used. A folder that is absent is an empty
/// museum: the first push makes it, as the Go server does.
std::optional<std::string> folder_problem(const std::filesystem::path& root) {
  constexpr std::string_view kAdvice = "; give another one with --storage-local-rootdir";
  std::error_code error;
  const auto status = std::filesystem::status(root, error);
  if (status.type() == std::filesystem::file_type::not_found) return std::nullopt;
  if (error) return "cannot look at " + root.string() + ": " + error.message();
  if (!std::filesystem::is_directory(status)) {
    return root.string() + " is not a folder" + std::string(kAdvice);
  }
  if (::access(root.c_str(), R_OK | X_OK) != 0) {
    return "cannot read the folder " + root.string() + ": " + std::strerror(errno) +
           "; let this user read it, or" + std::string(kAdvice.substr(1));
  }
  return std::nullopt;
}

struct Opener {
  CachedStoreSettings cache;
  const Environment& environment;
  WorkerPool& workers;
  const telemetry::Log& log;

  Opened operator()(const LocalStoreSettings& settings) {
    if (auto problem = folder_problem(settings.root)) return std::unexpected(*std::move(problem));
    return make_local_store(settings, workers, log);
  }
  Opened operator()(const AmazonSettings& settings) {
    return cached("amazon/" + settings.endpoint + '/' + settings.bucket + '/' + settings.prefix,
                  make_amazon_store(settings, environment, log));
  }
  Opened operator()(const GoogleSettings& settings) {
    return cached("google/" + of_variables({"STORAGE_EMULATOR_HOST"}) + '/' + settings.bucket +
                      '/' + settings.prefix,
                  make_google_store(settings, environment, log));
  }
  Opened operator()(const MicrosoftSettings& settings) {
    return cached("microsoft/" +
                      of_variables({"AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_CONNECTION_STRING",
                                    "AZURE_BASE_URL"}) +
                      '/' + settings.container + '/' + settings.prefix,
                  make_microsoft_store(settings, environment, log));
  }

  /// Which account it is stands there, beside secrets.
  [[nodiscard]] std::string of_variables(std::initializer_list<const char*> names) const {
    std::string values;
    for (const char* const name : names) values += environment(name).value_or("") + '\n';
    return Digest::of(values).hex();
  }

  Opened cached(std::string origin, std::expected<std::unique_ptr<ObjectStore>, std::string> made) {
    if (!made) return std::unexpected(std::move(made.error()));
    cache.origin = std::move(origin);
    return make_cached_store(std::move(cache), *std::move(made), workers, log);
  }
};

}  // namespace

Opened open_store(const StoreSettings& settings, CachedStoreSettings cache,
                  const Environment& environment, WorkerPool& workers, const telemetry::Log& log) {
  return std::visit(Opener{std::move(cache), environment, workers, log}, settings);
}

}  // namespace chartmuseum::storage

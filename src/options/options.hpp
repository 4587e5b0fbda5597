// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/settings.hpp"
#include "auth/settings.hpp"
#include "http/server.hpp"
#include "repository/settings.hpp"
#include "storage/cached_store.hpp"
#include "storage/open_store.hpp"
#include "telemetry/log.hpp"

#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace chartmuseum::options {

/// Every room's settings, as flags, environment and configuration file together say.
struct Options {
  telemetry::LogSettings log;  // all but colour, which depends on the terminal
  http::ServerSettings server;
  api::Settings api;
  repository::Settings repository;
  storage::StoreSettings store;
  storage::CachedStoreSettings package_cache;  // for storages that are not local
  auth::Settings access;
  bool gen_index = false;             // print the index and end
  std::vector<std::string> warnings;  // to be logged once there is a log
};

/// Text to print instead of running: --help, --version.
struct Printout {
  std::string text;
};

/// A mistake of whoever started the program: what is wrong and what to do, for stderr. One or more
/// lines, without a line feed at the end and without any secret.
struct UsageError {
  std::string message;
};

/// Looks up an environment variable; nothing if unset.
using Environment = std::function<std::optional<std::string>(const std::string&)>;

/// Flag beats environment beats file beats default. `arguments` come without the program's name.
/// Pure but for reading the configuration file and the name of the current folder.
[[nodiscard]] std::expected<std::variant<Options, Printout>, UsageError> read_options(
    std::span<const std::string_view> arguments, const Environment& environment);

}  // namespace chartmuseum::options

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options/options.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace chartmuseum::options {

/// What the sources say, on its way to be checked as a whole (checks.hpp).
struct Draft {
  Options options;
  std::string storage;
  storage::LocalStoreSettings local;
  storage::AmazonSettings amazon;
  storage::GoogleSettings google;
  storage::MicrosoftSettings microsoft;
  std::string cache;
  std::string trusted_proxies;
  std::string auth_cert_path;
  std::optional<std::uint64_t>
      package_cache_size;                     // of the folder, if there is one, else of memory
  std::vector<std::string> artifact_hub_ids;  // "<id>" or "<repository>=<id>"
};

/// The headings of --help and of docs/options.md, in their order.
enum class Theme {
  server,
  storage,
  tenants,
  pushing,
  index,
  logging,
  metrics,
  access,
  cloud,
  cache
};

enum class Type { boolean, whole_number, duration, string, key_value };

/// Accepted without any effect.
struct Inert {};

/// Belongs to a feature that this version does not have: refused where it is given anything but
/// its default, so that nobody believes to have it.
struct NotYet {
  std::string_view feature;  // "TLS"
};

struct StoreBool {
  void (*store)(Draft&, bool);
};
struct StoreNumber {
  void (*store)(Draft&, std::int64_t);
  std::int64_t least;
  std::int64_t most;
};
struct StoreDuration {  // never negative
  void (*store)(Draft&, std::chrono::nanoseconds);
};
struct StoreString {
  void (*store)(Draft&, std::string);
};
struct StoreKeyValues {
  void (*store)(Draft&, std::vector<std::string>);
};

using Effect =
    std::variant<Inert, NotYet, StoreBool, StoreNumber, StoreDuration, StoreString, StoreKeyValues>;

/// One row of the table: one thing that can be set, from all its sources.
struct Option {
  std::string_view flag;      // without dashes
  std::string_view variable;  // of the environment
  std::string_view key;       // of the configuration file; "" if it cannot be set there
  Type type;
  std::string_view default_value;  // as one would write it; "" for none
  Theme theme;
  std::string_view placeholder;  // of the value in --help; "" for booleans
  std::string_view help;         // one or two sentences
  Effect effect;
  std::string_view letter = {};  // a short form of the flag
  bool secret = false;           // its value is never shown
};

/// All rows, by theme.
[[nodiscard]] std::span<const Option> option_table();

/// The row of a flag (or its letter), of a key in any letter case; null if there is none.
[[nodiscard]] const Option* find_flag(std::string_view name);
[[nodiscard]] const Option* find_key(std::string_view key);

/// What one source says of one option.
struct Given {
  const Option* option = nullptr;
  std::string place;               // "--port", "PORT (environment)", "port (museum.yaml)"
  std::vector<std::string> texts;  // one, the last one counts; several only for key_value
};

/// Checks `given` for its type and range and puts it into `draft`. What is refused is told in
/// words that show no secret.
[[nodiscard]] std::optional<UsageError> apply(const Given& given, Draft& draft);

/// Whether `given` switches on something: neither empty nor the default.
[[nodiscard]] bool differs_from_default(const Given& given);

}  // namespace chartmuseum::options

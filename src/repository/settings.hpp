// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace chartmuseum::repository {

/// What the options say about every repository.
struct Settings {
  // How an index looks.
  std::string chart_url;     // --chart-url: makes the urls absolute; no trailing slash
  std::string context_path;  // --context-path: "/x", or ""
  bool json_index = false;   // --json-index

  // What may be stored.
  bool allow_overwrite = false;
  bool allow_force_overwrite = true;  // unless --disable-force-overwrite
  bool enforce_semver2 = false;
  std::size_t max_storage_objects = 0;          // packages and provenance files; 0: no limit
  std::size_t per_chart_limit = 0;              // versions of one chart; 0: no limit
  std::uint64_t max_package_size = 20'971'520;  // larger objects in storage are left out

  // How the index follows the storage.
  bool always_regenerate = false;  // compare with the storage on every read of the index
  std::chrono::nanoseconds cache_interval{std::chrono::minutes(5)};  // 0: never
  std::chrono::nanoseconds timestamp_tolerance{0};
  std::size_t parallel_fetches = 0;     // --index-limit; 0: as many as suit the storage
  bool watch = true;                    // where the storage can; else it is compared
  bool statefiles = true;               // unless --disable-statefiles
  std::chrono::seconds index_wait{30};  // how long a request waits for the first index
  // When a storage that failed is asked again: each time after twice as long, up to the last.
  std::chrono::nanoseconds first_retry{std::chrono::seconds(1)};
  std::chrono::nanoseconds last_retry{std::chrono::seconds(32)};
};

}  // namespace chartmuseum::repository

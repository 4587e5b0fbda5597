// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/key_source.hpp"
#include "auth/reloaded_file.hpp"
#include "telemetry/log.hpp"

#include <chrono>
#include <expected>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace chartmuseum::auth {

/// The keys of --auth-cert-path: one or more PEM files, read again when they change. A new file
/// that cannot be used is logged, and the keys from before stay.
class KeyFiles final : public KeySource {
 public:
  struct Settings {
    std::vector<std::string> paths;  // one to four
    telemetry::Log log = telemetry::Log::discarding();
    ReloadedFile<std::vector<VerificationKey>>::Clock clock = &std::chrono::steady_clock::now;
  };

  /// The error is one for the command line; it names file and reason.
  [[nodiscard]] static std::expected<std::unique_ptr<KeyFiles>, std::string> open(
      const Settings& settings);

  /// Never null. Looks at the files (one stat each), at most once a second.
  [[nodiscard]] KeySetPointer current() override;
  [[nodiscard]] Task<KeySetPointer> renew(KeySetPointer seen) override;

  /// Looks at the files at once, for SIGHUP.
  void look_now();

 private:
  using File = ReloadedFile<std::vector<VerificationKey>>;
  using Content = std::shared_ptr<const std::vector<VerificationKey>>;

  explicit KeyFiles(std::vector<std::unique_ptr<File>> files)
      : files_(std::move(files)), contents_(files_.size()) {}

  std::vector<std::unique_ptr<File>> files_;
  std::mutex mutex_;
  std::vector<Content> contents_;  // of each file, as in keys_
  KeySetPointer keys_;
};

}  // namespace chartmuseum::auth

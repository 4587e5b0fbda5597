// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/watched_file.hpp"
#include "telemetry/log.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <expected>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace chartmuseum::auth {

/// What a file says, read anew when the file changes: it is looked at (one stat) by whoever asks
/// for the value, at most once a second. A new text that cannot be used is logged, once, and what
/// was before stays in force. Readers get a snapshot, which stays as it is while they hold it.
/// Thread-safe. Reading and parsing happen on the thread of the one caller that sees the change;
/// the others meanwhile get the old value.
template <class Value>
class ReloadedFile {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;
  /// The error says why the text cannot be used, with line and column where there are any, but
  /// without the path, and without what may be a secret.
  using Parse = std::function<std::expected<Value, std::string>(std::string_view text)>;

  struct Settings {
    std::string path;
    std::string purpose;            // for messages: "password file", "policy"
    std::size_t largest = 1 << 20;  // bytes; a larger file is refused
    telemetry::Log log = telemetry::Log::discarding();
    Clock clock = &std::chrono::steady_clock::now;
  };

  /// Reads the file for the first time. The error is one for the command line: "policy
  /// /etc/policy.yaml: line 3, column 5: unknown key "pul"".
  [[nodiscard]] static std::expected<std::unique_ptr<ReloadedFile>, std::string> open(
      Settings settings, Parse parse) {
    std::unique_ptr<ReloadedFile> file(new ReloadedFile(std::move(settings), std::move(parse)));
    const auto text = file->file_.read_if_changed();
    auto value = file->parse_text(*text);  // of a first look there is always an outcome
    if (!value) {
      return std::unexpected(file->settings_.purpose + ' ' + file->settings_.path + ": " +
                             value.error());
    }
    file->value_ = std::make_shared<const Value>(std::move(*value));
    file->next_look_ = file->settings_.clock() + kInterval;
    return file;
  }

  ReloadedFile(const ReloadedFile&) = delete;
  ReloadedFile& operator=(const ReloadedFile&) = delete;

  [[nodiscard]] const std::string& path() const { return settings_.path; }

  /// Never null.
  [[nodiscard]] std::shared_ptr<const Value> current() {
    const auto now = settings_.clock();
    if (now >= next_look_.load()) {
      const std::unique_lock looking(look_mutex_, std::try_to_lock);
      if (looking.owns_lock() && now >= next_look_.load()) {
        next_look_.store(now + kInterval);
        look();
      }
    }
    const std::lock_guard lock(value_mutex_);
    return value_;
  }

  /// Looks at once, for SIGHUP.
  void look_now() {
    const std::lock_guard looking(look_mutex_);
    look();
  }

 private:
  static constexpr std::chrono::seconds kInterval{1};

  ReloadedFile(Settings settings, Parse parse)
      : settings_(std::move(settings)),
        parse_(std::move(parse)),
        file_(settings_.path, settings_.largest) {}

  [[nodiscard]] std::expected<Value, std::string> parse_text(
      const std::expected<std::string, std::string>& text) const {
    if (!text) return std::unexpected(text.error());
    return parse_(*text);
  }

  void look() {
    const auto text = file_.read_if_changed();
    if (!text) return;
    auto value = parse_text(*text);
    if (!value) {
      settings_.log.error("Cannot reload the " + settings_.purpose + ", the old one stays in force",
                          {{"file", settings_.path}, {"reason", value.error()}});
      return;
    }
    auto next = std::make_shared<const Value>(std::move(*value));
    {
      const std::lock_guard lock(value_mutex_);
      value_.swap(next);  // the old one, perhaps the last of its kind, goes after the lock
    }
    settings_.log.info("Reloaded the " + settings_.purpose, {{"file", settings_.path}});
  }

  Settings settings_;
  Parse parse_;
  std::mutex look_mutex_;  // of file_
  WatchedFile file_;
  std::atomic<std::chrono::steady_clock::time_point> next_look_{};
  std::mutex value_mutex_;
  std::shared_ptr<const Value> value_;
};

}  // namespace chartmuseum::auth

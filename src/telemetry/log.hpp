// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <variant>

namespace chartmuseum::telemetry {

enum class Level { debug, info, warn, error };

/// One key with its value, beside a message. It only refers to its text: write() copies.
struct Field {
  std::string_view key;
  std::variant<std::string_view, std::int64_t, double, bool> value;
};

struct LogSettings {
  bool json = false;         // --log-json
  bool debug = false;        // --debug
  bool colour = false;       // levels in colour; for terminals
  std::size_t queue = 8192;  // lines that may wait to be written; the oldest go first
  int descriptor = 2;        // where lines go: stderr; must stay open as long as the log
};

/// Structured log lines in the Go server's two layouts, written to stderr by a thread of its
/// own through a bounded queue, so that a line costs its caller next to nothing and a blocked
/// terminal stalls no request. Lines that were dropped are counted and the count is logged.
/// A line stays one line whatever its texts hold: control characters are escaped, invalid UTF-8
/// is replaced, and a text longer than 2 KiB is cut.
/// Copies share one log; the last one to go writes what is still queued, and gives up after two
/// seconds if nobody takes it. Thread-safe.
class Log {
 public:
  /// Takes every finished line, without line feed.
  using Sink = std::function<void(std::string_view line)>;

  explicit Log(const LogSettings& settings);
  /// Drops everything.
  [[nodiscard]] static Log discarding();
  /// Hands every finished line to `sink` on the caller's thread, one at a time; for tests.
  [[nodiscard]] static Log to(const LogSettings& settings, Sink sink);

  /// False for lines that would be dropped at once: what they say need not be computed.
  [[nodiscard]] bool enabled(Level level) const;
  void write(Level level, std::string_view message, std::span<const Field> fields) const;

  void debug(std::string_view message, std::initializer_list<Field> fields = {}) const;
  void info(std::string_view message, std::initializer_list<Field> fields = {}) const;
  void warn(std::string_view message, std::initializer_list<Field> fields = {}) const;
  void error(std::string_view message, std::initializer_list<Field> fields = {}) const;

  /// Waits until everything that the caller has logged so far is written (or was dropped because
  /// the queue was full), but no longer than two seconds: whoever reads the log may have stopped.
  void flush() const;

 private:
  class Output;
  explicit Log(std::shared_ptr<Output> output) : output_(std::move(output)) {}
  std::shared_ptr<Output> output_;  // null: discards
};

}  // namespace chartmuseum::telemetry

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>
#include <variant>

namespace chartmuseum::telemetry {

enum class Level { debug, info, warn, error };

/// One key with its value, beside a message. It only refers to its text: write() copies.
struct Field {
  std::string_view key;
  std::variant<std::string_view, std::int64_t, double, bool> value;
};

struct LogSettings {
  bool json = false;           // --log-json
  bool debug = false;          // --debug
  bool colour = false;         // levels in colour; for terminals
  std::size_t queue = 8192;    // lines that may wait to be written; the oldest go first
};

/// Structured log lines in the Go server's two layouts, written to stderr by a thread of its
/// own through a bounded queue, so that a line costs its caller next to nothing and a blocked
/// terminal stalls no request. Lines that were dropped are counted and the count is logged.
/// Copies share one log. Thread-safe.
class Log {
 public:
  explicit Log(const LogSettings& settings);
  /// Drops everything.
  [[nodiscard]] static Log discarding();
  /// Hands every finished line (no line feed) to `sink` on the caller's thread; for tests.
  template <class Sink>
  [[nodiscard]] static Log to(const LogSettings& settings, Sink sink);

  [[nodiscard]] bool enabled(Level level) const;
  void write(Level level, std::string_view message, std::span<const Field> fields) const;

  void debug(std::string_view message, std::initializer_list<Field> fields = {}) const;
  void info(std::string_view message, std::initializer_list<Field> fields = {}) const;
  void warn(std::string_view message, std::initializer_list<Field> fields = {}) const;
  void error(std::string_view message, std::initializer_list<Field> fields = {}) const;

  /// Waits until everything logged so far is written.
  void flush() const;

 private:
  class Output;
  std::shared_ptr<Output> output_;
};

}  // namespace chartmuseum::telemetry

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/timestamp.hpp"
#include "telemetry/log.hpp"

#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace chartmuseum::telemetry {

/// Turns a message and its fields into one line, without line feed, as the Go server's logger
/// (go.uber.org/zap, development settings) does: tab-separated for people, or JSON with the keys
/// L, T and M. Thread-safe.
class LineLayout {
 public:
  LineLayout(bool json, bool colour) : json_(json), colour_(colour) {}

  /// Appends to `line`.
  void format(std::string& line, Timestamp instant, Level level, std::string_view message,
              std::span<const Field> fields) const;

 private:
  [[nodiscard]] std::int64_t zone_offset(std::int64_t seconds) const;
  void append_time(std::string& line, Timestamp instant) const;

  bool json_;
  bool colour_;
  // The zone's offset for one quarter of an hour (zones change at no finer grain), as
  // quarter << 32 | offset in seconds + 1 day: asking the C library costs more than the line.
  mutable std::atomic<std::uint64_t> zone_{~std::uint64_t{0}};
};

}  // namespace chartmuseum::telemetry

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "telemetry/line_layout.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace chartmuseum::telemetry {

/// Writes lines to a file descriptor on a thread of its own, behind a bounded queue that drops
/// the oldest line when it is full. Thread-safe.
class LineWriter {
 public:
  /// `layout` words the line that tells how many were dropped.
  LineWriter(int descriptor, std::size_t queue, const LineLayout& layout);
  /// Writes what is still queued, but for what nobody takes within two seconds.
  ~LineWriter();
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;

  void push(std::string_view line);
  /// Waits until what was pushed so far is written or dropped, at most two seconds.
  void flush();

 private:
  class Sink;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chartmuseum::telemetry

// SPDX-License-Identifier: Apache-2.0
#include "telemetry/log.hpp"

#include "base/timestamp.hpp"
#include "telemetry/line_layout.hpp"
#include "telemetry/line_writer.hpp"

#include <mutex>
#include <string>
#include <variant>

namespace chartmuseum::telemetry {

namespace {

/// Where Log::to hands its lines.
class SerialSink {
 public:
  explicit SerialSink(Log::Sink sink) : sink_(std::move(sink)) {}

  void push(std::string_view line) {
    const std::lock_guard lock(mutex_);
    sink_(line);
  }

 private:
  std::mutex mutex_;
  Log::Sink sink_;
};

}  // namespace

class Log::Output {
 public:
  explicit Output(const LogSettings& settings)
      : lowest_(settings.debug ? Level::debug : Level::info),
        layout_(settings.json, settings.colour),
        writer_(std::make_unique<LineWriter>(settings.descriptor, settings.queue, layout_)) {}

  Output(const LogSettings& settings, Sink sink)
      : lowest_(settings.debug ? Level::debug : Level::info),
        layout_(settings.json, settings.colour),
        sink_(std::make_unique<SerialSink>(std::move(sink))) {}

  [[nodiscard]] bool enabled(Level level) const { return level >= lowest_; }

  void write(Level level, std::string_view message, std::span<const Field> fields) {
    std::string line;
    line.reserve(512);
    layout_.format(line, now(), level, message, fields);
    if (writer_ != nullptr) {
      writer_->push(line);
    } else {
      sink_->push(line);
    }
  }

  void flush() {
    if (writer_ != nullptr) writer_->flush();
  }

 private:
  Level lowest_;
  LineLayout layout_;
  std::unique_ptr<LineWriter> writer_;  // one of the two
  std::unique_ptr<SerialSink> sink_;
};

Log::Log(const LogSettings& settings) : output_(std::make_shared<Output>(settings)) {}

Log Log::discarding() {
  return Log(std::shared_ptr<Output>());
}

Log Log::to(const LogSettings& settings, Sink sink) {
  return Log(std::make_shared<Output>(settings, std::move(sink)));
}

bool Log::enabled(Level level) const {
  return output_ != nullptr && output_->enabled(level);
}

void Log::write(Level level, std::string_view message, std::span<const Field> fields) const {
  if (enabled(level)) output_->write(level, message, fields);
}

void Log::debug(std::string_view message, std::initializer_list<Field> fields) const {
  write(Level::debug, message, {fields.begin(), fields.size()});
}

void Log::info(std::string_view message, std::initializer_list<Field> fields) const {
  write(Level::info, message, {fields.begin(), fields.size()});
}

void Log::warn(std::string_view message, std::initializer_list<Field> fields) const {
  write(Level::warn, message, {fields.begin(), fields.size()});
}

void Log::error(std::string_view message, std::initializer_list<Field> fields) const {
  write(Level::error, message, {fields.begin(), fields.size()});
}

void Log::flush() const {
  if (output_ != nullptr) output_->flush();
}

}  // namespace chartmuseum::telemetry

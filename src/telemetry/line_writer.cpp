// SPDX-License-Identifier: Apache-2.0
#include "telemetry/line_writer.hpp"

#include "base/timestamp.hpp"

#include <climits>
#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/sinks/sink.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <poll.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>

namespace chartmuseum::telemetry {

namespace {

// Lines are handed to the kernel in pieces of about this size when they come fast.
constexpr std::size_t kBatchBytes = 65536;
// After each batch the writer rests, so that the next line finds it asleep at most 200 times a
// second: waking a thread costs the caller more than all the rest of a line.
constexpr std::chrono::milliseconds kRest{5};

// So long lines are waited for that nobody takes, where somebody waits for them to be gone.
constexpr std::chrono::seconds kPatience{2};
// How often the writing thread looks whether it is to end while nobody takes its lines.
constexpr std::chrono::milliseconds kLook{100};

/// What is written in one call: whole lines as far as they fit. A pipe that is ready for writing
/// takes PIPE_BUF bytes without blocking (and without mixing them with another writer's).
std::string_view first_piece(std::string_view lines) {
  if (lines.size() <= PIPE_BUF) return lines;
  const std::size_t end = lines.rfind('\n', PIPE_BUF - 1);
  return lines.substr(0, end == std::string_view::npos ? PIPE_BUF : end + 1);
}

}  // namespace

/// Runs on the writing thread only, but for wait().
class LineWriter::Sink final : public spdlog::sinks::sink {
 public:
  Sink(int descriptor, const LineLayout& layout) : descriptor_(descriptor), layout_(layout) {}

  /// Before the first line. The queue joins the thread that calls log() before it goes, so that
  /// a plain pointer is safe; an owning one could make that thread join itself.
  void read_from(spdlog::details::thread_pool* queue) { queue_ = queue; }

  void log(const spdlog::details::log_msg& line) override {
    batch_.append(line.payload.data(), line.payload.size());
    batch_ += '\n';
    ++lines_;
    // Where what is left is only the call to end, finish() writes the batch.
    const bool more = queue_->queue_size() > 0;
    if (more && batch_.size() < kBatchBytes) return;
    write_batch(queue_->overrun_counter());
    if (!more) std::this_thread::sleep_for(kRest);
  }

  void flush() override {}
  void set_pattern(const std::string& /*pattern*/) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter> /*formatter*/) override {}

  /// From here on, what nobody takes in time is not written.
  void begin_end() { end_ = std::chrono::steady_clock::now() + kPatience; }

  /// Once the thread has ended.
  void finish(std::uint64_t dropped) { write_batch(dropped); }

  /// Waits, not for ever, until `lines` of all that were ever pushed are written or dropped.
  void wait(std::uint64_t lines) {
    std::unique_lock lock(mutex_);
    progress_.wait_for(lock, kPatience, [&] { return done_ >= lines; });
  }

 private:
  void write_batch(std::uint64_t dropped) {
    if (dropped > dropped_) {
      const std::array<Field, 1> fields{{{"lines", static_cast<std::int64_t>(dropped - dropped_)}}};
      layout_.format(batch_, now(), Level::warn,
                     "Log lines dropped: more came than could be written", fields);
      batch_ += '\n';
    }
    write_all(batch_);  // of a log that cannot be written, nobody can be told
    batch_.clear();
    const std::lock_guard lock(mutex_);
    done_ += std::exchange(lines_, 0) + (dropped - dropped_);
    dropped_ = dropped;
    progress_.notify_all();
  }

  void write_all(std::string_view bytes) {
    while (!bytes.empty() && await_room()) {
      const std::string_view piece = first_piece(bytes);
      const ssize_t count = ::write(descriptor_, piece.data(), piece.size());
      if (count >= 0) {
        bytes.remove_prefix(static_cast<std::size_t>(count));
      } else if (errno != EINTR && errno != EAGAIN) {
        return;
      }
    }
  }

  /// Waits until the descriptor takes bytes (a pipe may be full, a terminal stopped); false once
  /// the log ends and its patience with it. A write that blocks could never be called back.
  bool await_room() {
    for (;;) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(
          end_.load() - std::chrono::steady_clock::now());
      const auto wait = std::clamp(left, std::chrono::milliseconds(0), kLook);
      pollfd ready{descriptor_, POLLOUT, 0};
      const int count = ::poll(&ready, 1, static_cast<int>(wait.count()));
      if (count > 0 || (count < 0 && errno != EINTR)) return true;  // write() tells what is wrong
      if (left.count() <= 0) return false;
    }
  }

  int descriptor_;
  const LineLayout& layout_;
  spdlog::details::thread_pool* queue_ = nullptr;
  std::string batch_;
  std::uint64_t lines_ = 0;    // in the batch
  std::uint64_t dropped_ = 0;  // reported so far
  std::mutex mutex_;
  std::condition_variable progress_;
  std::uint64_t done_ = 0;  // written or dropped; guarded by mutex_
  std::atomic<std::chrono::steady_clock::time_point> end_{
      std::chrono::steady_clock::time_point::max()};
};

struct LineWriter::State {
  std::shared_ptr<Sink> sink;
  std::shared_ptr<spdlog::details::thread_pool> queue;
  std::shared_ptr<spdlog::async_logger> logger;
  std::atomic<std::uint64_t> pushed{0};
};

LineWriter::LineWriter(int descriptor, std::size_t queue, const LineLayout& layout)
    : state_(std::make_unique<State>()) {
  state_->sink = std::make_shared<Sink>(descriptor, layout);
  state_->queue = std::make_shared<spdlog::details::thread_pool>(queue, 1);
  state_->sink->read_from(state_->queue.get());
  state_->logger = std::make_shared<spdlog::async_logger>(
      "chartmuseum", state_->sink, state_->queue, spdlog::async_overflow_policy::overrun_oldest);
}

LineWriter::~LineWriter() {
  state_->sink->begin_end();
  const std::uint64_t dropped = state_->queue->overrun_counter();
  state_->queue.reset();  // ends the thread once the queue is empty
  state_->sink->finish(dropped);
}

void LineWriter::push(std::string_view line) {
  // Counted first: a line in the queue that is not counted could pass for another in flush().
  state_->pushed.fetch_add(1, std::memory_order_relaxed);
  state_->logger->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
}

void LineWriter::flush() {
  state_->sink->wait(state_->pushed.load());
}

}  // namespace chartmuseum::telemetry

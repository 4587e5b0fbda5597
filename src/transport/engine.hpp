// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transport/exchange.hpp"
#include "transport/settings.hpp"

#include <cstddef>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace chartmuseum::transport {

class Transfer;

/// The thread that owns libcurl's multi handle, and with it all connections. It carries out
/// exchanges in the order in which they came, so many at a time as the settings say.
///
/// curl_multi_poll() looks at each of its sockets in each round; with a few hundred at most, that
/// is not worth an epoll of our own.
class Engine {
 public:
  explicit Engine(ClientSettings settings);
  ~Engine();  // stop()
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  [[nodiscard]] const ClientSettings& settings() const { return settings_; }

  /// Takes an exchange on; or says why not. From any thread.
  [[nodiscard]] std::optional<Failure> submit(const std::shared_ptr<Exchange>& exchange);
  /// Something has been decided on the waiting side: it was abandoned, or made room. From any
  /// thread.
  void attend(const std::shared_ptr<Exchange>& exchange);
  /// Ends what is under way as cancelled, and the thread. From any thread but its own.
  void stop();

 private:
  using Exchanges = std::vector<std::shared_ptr<Exchange>>;
  using Transfers = std::list<std::unique_ptr<Transfer>>;
  struct Free {
    void operator()(void* multi) const;
  };
  struct FreeShare {
    void operator()(void* share) const;
  };

  void run();
  /// Takes what other threads have left; false once it is to stop.
  bool take_messages();
  void attend_to(const Exchanges& exchanges);
  void start_waiting();
  void start(const std::shared_ptr<Exchange>& exchange);
  void collect_ended();
  void end_late();
  void end_all();
  Transfers::iterator remove(Transfers::iterator transfer);
  /// Milliseconds until the next deadline.
  [[nodiscard]] int patience() const;

  const ClientSettings settings_;
  std::unique_ptr<void, FreeShare> share_;  // CURLSH: TLS sessions
  std::unique_ptr<void, Free> multi_;       // CURLM

  // The thread's own.
  std::deque<std::shared_ptr<Exchange>> waiting_;
  Transfers active_;

  std::mutex mutex_;
  Exchanges submitted_;
  Exchanges attended_;
  std::size_t unstarted_ = 0;  // submitted, or waiting
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace chartmuseum::transport

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/session.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list.hpp>

#include <chrono>
#include <future>
#include <thread>

namespace chartmuseum::http {

/// One thread of a server: its event loop, its listening socket, its connections.
class Listener {
 public:
  using Endpoint = boost::asio::ip::tcp::endpoint;

  explicit Listener(SessionContext& context);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// Binds beside other listeners of this server and listens; the endpoint that was bound.
  /// Throws boost::system::system_error.
  Endpoint bind(const Endpoint& endpoint);
  /// Starts the thread.
  void start();

  // From other threads:

  /// Accepts no more; the thread ends with the last connection.
  void begin_stop();
  /// Whether the thread has ended by then.
  [[nodiscard]] bool ended(std::chrono::steady_clock::time_point deadline);
  /// Ends all connections now.
  void cut();
  void join();

 private:
  using Executor = boost::asio::io_context::executor_type;
  using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, Executor>;
  using Timer = boost::asio::basic_waitable_timer<
      std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;
  using Sessions = boost::intrusive::list<Session, boost::intrusive::constant_time_size<false>>;

  void run();
  Task<> accept();
  Task<> sweep();
  void accept_arrived();
  void admit(Connection::Socket socket);
  void open(Connection::Socket socket);

  SessionContext& context_;
  boost::asio::io_context io_;
  Acceptor acceptor_;
  Timer ticker_;
  Timer pause_;  // of accept(), while descriptors are short
  std::chrono::milliseconds tick_;
  bool ticking_ = false;
  bool cut_ = false;  // a connection whose acceptance is still under way is dropped
  Sessions sessions_;
  std::promise<void> end_;
  std::future<void> ended_ = end_.get_future();
  std::thread thread_;
};

}  // namespace chartmuseum::http

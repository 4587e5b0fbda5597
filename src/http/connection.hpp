// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "http/tls_stream.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

namespace chartmuseum::http {

/// How an operation on a connection ended.
enum class Io {
  ok,
  end,        // the client sends no more
  timed_out,  // the deadline is over; the connection can still be written to
  failed,     // reset, or cut by abort()
};

/// How a connection began.
enum class Opening {
  secured,
  plain_http,  // what has arrived, and is still to be read, is no TLS but text
  refused,     // the handshake failed: tls()->failure()
  none,        // the client left, or took too long
};

/// One accepted socket, what was read from it and not yet used, and the one deadline of the
/// operation that it waits for. A deadline is a number that the owner of all connections of a
/// thread compares with the clock a few times a second (see sweep()): arming it costs nothing,
/// however many connections there are. Used on one thread only.
class Connection {
 public:
  using Clock = std::chrono::steady_clock;
  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp,
                                                  boost::asio::io_context::executor_type>;

  explicit Connection(Socket socket);

  [[nodiscard]] boost::beast::flat_buffer& input() { return input_; }
  [[nodiscard]] const boost::beast::flat_buffer& input() const { return input_; }
  /// Nothing if the connection is gone.
  [[nodiscard]] std::optional<boost::asio::ip::address> peer_address() const;
  [[nodiscard]] int descriptor() { return socket_.native_handle(); }

  /// TLS as its server, from the first byte that arrives; before anything is read or written.
  Task<Opening> secure(std::shared_ptr<const TlsContext> context, Clock::time_point deadline);
  /// Null: plain. What is sent goes through it, not to descriptor().
  [[nodiscard]] TlsStream* tls() { return tls_.get(); }

  /// Appends to input() what has arrived, at least one byte; there is room for `room` or more.
  Task<Io> read(std::size_t room, Clock::time_point deadline);
  /// The same without waiting; false if there is nothing right now.
  [[nodiscard]] bool read_now(std::size_t room);
  /// Until a write that ended with EAGAIN is worth another attempt: the socket takes bytes again,
  /// or, of an encrypted one that is in the middle of a message of the client's, more has arrived.
  Task<Io> wait_writable(Clock::time_point deadline);
  /// Lets other connections of this thread have a turn.
  Task<> yield();

  /// Ends a read() or wait_writable() under way, if its deadline is over.
  void sweep(Clock::time_point now);
  /// Ends a read() or wait_writable() under way as if its deadline were over.
  void interrupt();
  /// Moves the deadline of the operation under way forward to `latest`, if it is later. Of the next
  /// one it says nothing.
  void hasten(Clock::time_point latest);

  /// Tells the client that nothing more comes; it may go on sending. Where that is encrypted it
  /// may have to wait until the socket takes it.
  Task<> end_output(Clock::time_point deadline);
  /// Goes on without TLS, to read and drop what still arrives.
  void drop_tls() { tls_.reset(); }
  /// Closes at once with a reset, so that nobody takes what was sent for the whole, and the
  /// kernel keeps nothing for a client that does not read.
  void abort();
  void close();

  /// Gives memory back that only large requests need.
  void shrink_input();

 private:
  /// False if it is over already: a client that never lets an operation wait gains no time.
  [[nodiscard]] bool arm(Clock::time_point deadline);
  [[nodiscard]] Io outcome(const boost::system::error_code& error);
  Task<Io> read_secured(std::size_t room, Clock::time_point deadline);
  Task<Io> wait(Socket::wait_type what, Clock::time_point deadline);
  /// Until TLS can go on, which last ended with EAGAIN.
  Task<Io> wait_for_tls(Clock::time_point deadline);
  Task<Io> await_first_byte(char& first, Clock::time_point deadline);

  Socket socket_;
  std::unique_ptr<TlsStream> tls_;
  std::size_t since_turn_ = 0;  // bytes decrypted since others had a turn, in whole records
  boost::beast::flat_buffer input_;
  Clock::time_point deadline_ = Clock::time_point::max();  // of the operation under way
  Clock::time_point hastened_ = Clock::time_point::max();  // what hasten() said of it
  bool expired_ = false;                                   // by sweep() or interrupt()
};

}  // namespace chartmuseum::http

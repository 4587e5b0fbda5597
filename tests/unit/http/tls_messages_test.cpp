// SPDX-License-Identifier: Apache-2.0
// What a client may send over TLS besides the application's bytes: whole, in parts, without end.
#include "http/connection.hpp"
#include "unit/http/test_server.hpp"
#include "unit/http/tls_files.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <gtest/gtest.h>

#include <cerrno>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <thread>

namespace chartmuseum::http::test {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using chartmuseum::test::Authority;

const std::string kGet = "GET /text HTTP/1.1\r\nHost: x\r\n\r\n";

/// What the client would send while `speak` is done with it.
template <class Speak>
std::string withheld(const RawClient& client, Speak speak) {
  SSL* const ssl = client.tls();
  const int socket = SSL_get_fd(ssl);
  BIO* const sent = BIO_new(BIO_s_mem());
  SSL_set_bio(ssl, BIO_new(BIO_s_mem()), sent);
  speak(ssl);
  const char* data = nullptr;
  const long size = BIO_get_mem_data(sent, &data);
  std::string bytes(data, static_cast<std::size_t>(size));
  SSL_set_fd(ssl, socket);
  return bytes;
}

/// As they are, past TLS. False if the server has gone.
bool send_raw(const RawClient& client, std::string_view bytes) {
  return ::send(SSL_get_fd(client.tls()), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(bytes.size());
}

std::string key_updates(const RawClient& client, int count) {
  return withheld(client, [count](SSL* ssl) {
    for (int i = 0; i < count; ++i) {
      ASSERT_EQ(SSL_key_update(ssl, SSL_KEY_UPDATE_NOT_REQUESTED), 1);
      ASSERT_EQ(SSL_do_handshake(ssl), 1);
    }
  });
}

// ---- without end

class TlsMessages : public testing::Test {
 protected:
  TlsMessages() {
    files_.write(Authority("Test Authority").issue());
    ServerSettings settings = quiet_settings();
    settings.tls = files_.settings();
    server_ = std::make_unique<TestServer>(settings);
  }
  RawClient secured() {
    RawClient client = server_->connect();
    EXPECT_TRUE(client.secure({.version = TLS1_3_VERSION}));
    return client;
  }

  TlsFiles files_;
  std::unique_ptr<TestServer> server_;
};

TEST_F(TlsMessages, may_be_some_between_requests) {
  RawClient client = secured();
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(send_raw(client, key_updates(client, 30)));
    const auto response = client.exchange(kGet);
    ASSERT_TRUE(response) << i;
    EXPECT_EQ(response->body, "hello");
  }
}

TEST_F(TlsMessages, without_anything_else_end_the_connection) {
  RawClient witness = secured();
  for (const char* begun :
       {"", "GET /te", "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab"}) {
    RawClient client = secured();
    if (*begun != '\0') client.send(begun);
    // The request would be answered if they were taken.
    std::string flood = key_updates(client, 100);
    flood += withheld(client,
                      [](SSL* ssl) { SSL_write(ssl, kGet.data(), static_cast<int>(kGet.size())); });
    send_raw(client, flood);
    const auto response = client.response();
    EXPECT_FALSE(response && response->status == 200) << begun;
    EXPECT_EQ(witness.exchange(kGet)->body, "hello") << begun;
  }
}

// ---- in parts

/// A connection without a server: what happens between two waits is seen.
class TlsInParts : public testing::Test {
 protected:
  TlsInParts() {
    files_.write(Authority("Test Authority").issue());
    const auto context = TlsContext::load(files_.settings());
    Connection::Socket socket(io_);
    acceptor_.accept(socket);
    connection_.emplace(std::move(socket));
    bool agreed = false;
    std::jthread shaking([&] { agreed = client_.secure({.version = TLS1_2_VERSION}); });
    Opening opening = Opening::none;
    asio::co_spawn(io_, connection_->secure(context.value(), far()),
                   [&](const std::exception_ptr&, Opening result) { opening = result; });
    io_.run_for(10s);
    shaking.join();
    EXPECT_TRUE(agreed && opening == Opening::secured);
  }

  static Connection::Clock::time_point far() { return Connection::Clock::now() + 2h; }

  void start(Task<Io> operation) {
    asio::co_spawn(io_, std::move(operation),
                   [this](const std::exception_ptr&, Io result) { result_ = result; });
  }
  /// Does what can be done without waiting.
  void run_ready() {
    for (int i = 0; i < 10; ++i) {
      io_.restart();
      io_.poll();
    }
  }
  void run() {
    io_.restart();
    io_.run_for(10s);
  }
  [[nodiscard]] int unread() {
    int size = 0;
    ::ioctl(connection_->descriptor(), FIONREAD, &size);
    return size;
  }
  void await_arrival() {
    pollfd waiting{.fd = connection_->descriptor(), .events = POLLIN, .revents = 0};
    ASSERT_EQ(::poll(&waiting, 1, 10'000), 1);
  }

  TlsFiles files_;
  asio::io_context io_;
  asio::ip::tcp::acceptor acceptor_{io_, {asio::ip::address_v4::loopback(), 0}};
  RawClient client_{acceptor_.local_endpoint().port()};
  std::optional<Connection> connection_;
  std::optional<Io> result_;
};

TEST_F(TlsInParts, a_write_waits_for_the_rest_of_a_message) {
  SSL_set_max_send_fragment(client_.tls(), 512);
  const std::string hello = withheld(client_, [](SSL* ssl) {
    // Makes it longer than one record.
    std::string name(250, 'x');
    SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
    SSL_set_cipher_list(ssl, "ALL:COMPLEMENTOFALL:@SECLEVEL=0");
    SSL_renegotiate(ssl);
    SSL_do_handshake(ssl);
  });
  const std::size_t first =
      5U + 256U * static_cast<unsigned char>(hello.at(3)) + static_cast<unsigned char>(hello.at(4));
  ASSERT_LT(first, hello.size());
  ASSERT_TRUE(send_raw(client_, hello.substr(0, first)));
  await_arrival();

  TlsStream& tls = *connection_->tls();
  char byte = 0;
  ASSERT_EQ(tls.read(&byte, 1), -1);
  ASSERT_EQ(tls.write("x"), -1);
  ASSERT_EQ(errno, EAGAIN);
  start(connection_->wait_writable(far()));
  run_ready();
  EXPECT_FALSE(result_) << "the socket takes bytes, but TLS gives none";

  ASSERT_TRUE(send_raw(client_, hello.substr(first)));
  run();
  EXPECT_EQ(result_, Io::ok);
  EXPECT_EQ(tls.write("x"), 1);
}

TEST_F(TlsInParts, a_read_keeps_its_hastened_deadline) {
  const auto hastened = Connection::Clock::now() + 1h;
  start(connection_->read(512, far()));
  run_ready();
  connection_->hasten(hastened);
  ASSERT_TRUE(send_raw(client_, "\x17\x03\x03"));
  await_arrival();
  run_ready();
  ASSERT_EQ(unread(), 0) << "a part of a record is read";
  ASSERT_FALSE(result_);
  connection_->sweep(hastened);
  run_ready();
  EXPECT_EQ(result_, Io::timed_out);

  result_.reset();
  start(connection_->read(512, far()));
  run_ready();
  connection_->sweep(hastened);
  run_ready();
  EXPECT_FALSE(result_) << "the next one has its own";
}

}  // namespace
}  // namespace chartmuseum::http::test

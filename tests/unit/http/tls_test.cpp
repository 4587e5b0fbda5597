// SPDX-License-Identifier: Apache-2.0
// Connections over TLS: the handshake, and everything that is otherwise sent and read there.
#include "unit/http/test_server.hpp"
#include "unit/http/tls_files.hpp"

#include <gmock/gmock.h>

#include <thread>

namespace chartmuseum::http::test {
namespace {

using namespace std::chrono_literals;
using chartmuseum::test::Authority;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string kGet = "GET /text HTTP/1.1\r\nHost: x\r\n\r\n";

std::string get(const std::string& path, const std::string& fields = "") {
  return "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
}

std::string bytes_of(std::shared_ptr<X509> certificate) {
  std::string der(static_cast<std::size_t>(i2d_X509(certificate.get(), nullptr)), '\0');
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  i2d_X509(certificate.get(), &out);
  return der;
}

/// The certificate that the server showed.
std::string shown_to(const RawClient& client) {
  return bytes_of({SSL_get1_peer_certificate(client.tls()), X509_free});
}

class TlsFixture : public testing::Test {
 protected:
  TlsFixture() { files_.write(authority_.issue()); }

  void start(ServerSettings settings = quiet_settings()) {
    if (!settings.tls.enabled()) settings.tls = files_.settings();
    server_ = std::make_unique<TestServer>(std::move(settings), log_.log({.debug = true}));
  }
  /// A client that trusts the authority.
  [[nodiscard]] ClientTls trusting() const {
    ClientTls how;
    how.authority = authority_.certificate();
    return how;
  }
  RawClient secured(const ClientTls& how) {
    RawClient client = server_->connect();
    EXPECT_TRUE(client.secure(how));
    return client;
  }
  RawClient secured() { return secured(trusting()); }

  Authority authority_{"Test Authority"};
  TlsFiles files_;
  LogLines log_;
  std::unique_ptr<TestServer> server_;
};

// ---- requests and responses

class TlsSession : public TlsFixture, public testing::WithParamInterface<int> {
 protected:
  TlsSession() { start(); }

  RawClient connect(int receive_buffer = 0) {
    ClientTls how = trusting();
    how.version = GetParam();
    RawClient client(server_->port(), receive_buffer);
    EXPECT_TRUE(client.secure(how));
    EXPECT_EQ(SSL_version(client.tls()), GetParam());
    return client;
  }
};

TEST_P(TlsSession, answers_many_requests_on_one_connection) {
  RawClient client = connect();
  for (int i = 0; i < 100; ++i) {
    const auto response = client.exchange(kGet);
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, "hello");
  }
}

TEST_P(TlsSession, answers_pipelined_requests_that_come_in_one_record) {
  RawClient client = connect();
  std::string requests;
  for (int i = 1; i <= 200; ++i) requests += get("/text/" + std::to_string(i));
  client.send(requests);
  for (std::size_t i = 1; i <= 200; ++i) {
    const auto response = client.response();
    ASSERT_TRUE(response) << i;
    EXPECT_EQ(response->body.size(), i);
  }
}

/// Every kind of body, of sizes around a record's, read quickly and by small steps.
TEST_P(TlsSession, sends_every_kind_of_body_whole) {
  std::string rope;
  while (rope.size() < 700'000) rope += "7 bytes";
  for (const int receive_buffer : {0, 4096}) {
    RawClient client = connect(receive_buffer);
    for (const std::size_t size :
         {0U, 1U, 16'000U, 16'383U, 16'384U, 16'385U, 40'000U, 3'000'000U}) {
      const auto response = client.exchange(get("/text/" + std::to_string(size)));
      ASSERT_TRUE(response) << size;
      EXPECT_EQ(response->body, std::string(size, 'x')) << size;
    }
    EXPECT_EQ(client.exchange(get("/rope/100000"))->body, rope);
    EXPECT_EQ(client.exchange(get("/file"))->body, std::string(300'000, 'f'));
    EXPECT_EQ(client.exchange(get("/stream"))->body, "one,two,three");
    EXPECT_EQ(client.exchange(get("/stream/sized"))->body, "one,two");
    EXPECT_EQ(client.exchange(kGet)->body, "hello");
  }
}

TEST_P(TlsSession, answers_conditions_ranges_and_head) {
  RawClient client = connect();
  EXPECT_EQ(client.exchange(get("/text", "If-None-Match: \"v1\"\r\n"))->status, 304U);
  const auto part = client.exchange(get("/rope/100", "Range: bytes=5-9\r\n"));
  EXPECT_EQ(part->status, 206U);
  EXPECT_EQ(part->body, "es7 b");
  client.send("HEAD /text HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.response(true)->header("Content-Length"), "5");
  EXPECT_EQ(client.exchange(kGet)->body, "hello");
}

TEST_P(TlsSession, reads_bodies) {
  RawClient client = connect();
  std::string body;
  for (int i = 0; body.size() < 1'000'000; ++i) body += std::to_string(i) + ',';
  const std::string post = "POST /echo HTTP/1.1\r\nHost: x\r\n";
  EXPECT_EQ(
      client.exchange(post + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body)
          ->body,
      body);
  client.send(post + "Transfer-Encoding: chunked\r\n\r\n");
  client.send("3\r\nabc\r\n");
  client.send("2\r\nde\r\n0\r\n\r\n");
  EXPECT_EQ(client.response()->body, "abcde");
  client.send(post + "Content-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.response()->status, 100U);
  EXPECT_EQ(client.exchange("body")->body, "body");
}

TEST_P(TlsSession, lets_a_client_that_still_sends_read_its_answer) {
  RawClient client = connect();
  client.send("POST /ignore HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n");
  client.send(std::string(500'000, 'x'));
  const auto response = client.response();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "ignored");
  EXPECT_EQ(response->header("Connection"), "close");
}

TEST_P(TlsSession, ends_with_a_close_notify) {
  RawClient client = connect();
  EXPECT_TRUE(client.exchange(get("/text", "Connection: close\r\n")));
  EXPECT_EQ(client.rest(), "");
  EXPECT_EQ(SSL_get_shutdown(client.tls()) & SSL_RECEIVED_SHUTDOWN, SSL_RECEIVED_SHUTDOWN);
}

TEST_P(TlsSession, ends_a_broken_response_without_close_notify) {
  RawClient client = connect();
  client.send(get("/stream/broken"));
  EXPECT_FALSE(client.response());
  EXPECT_EQ(SSL_get_shutdown(client.tls()) & SSL_RECEIVED_SHUTDOWN, 0);
}

TEST_P(TlsSession, ends_when_the_client_does) {
  RawClient client = connect();
  EXPECT_TRUE(client.exchange(kGet));
  client.half_close();
  EXPECT_EQ(client.rest(), "");
}

TEST_P(TlsSession, is_resumed_by_a_ticket_on_any_thread) {
  ServerSettings settings = quiet_settings();
  settings.threads = 4;
  start(settings);
  RawClient first = connect();
  ASSERT_TRUE(first.exchange(kGet));
  EXPECT_EQ(SSL_session_reused(first.tls()), 0);
  ClientTls how = trusting();
  how.version = GetParam();
  how.session = first.session();
  for (int i = 0; i < 20; ++i) {  // the kernel picks the thread
    RawClient next = server_->connect();
    ASSERT_TRUE(next.secure(how));
    EXPECT_EQ(SSL_session_reused(next.tls()), 1);
    EXPECT_EQ(next.exchange(kGet)->body, "hello");
  }
}

TEST_P(TlsSession, tells_browsers_to_stay_with_https) {
  RawClient client = connect();
  EXPECT_EQ(client.exchange(kGet)->header("Strict-Transport-Security"), "max-age=31536000");
}

INSTANTIATE_TEST_SUITE_P(Versions, TlsSession, testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](const auto& version) {
                           return version.param == TLS1_3_VERSION ? "Tls13" : "Tls12";
                         });

// ---- the handshake

class TlsHandshake : public TlsFixture {};

TEST_F(TlsHandshake, prefers_tls_1_3_and_refuses_what_is_older_than_1_2) {
  start();
  EXPECT_EQ(SSL_version(secured().tls()), TLS1_3_VERSION);
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    RawClient client = server_->connect();
    EXPECT_FALSE(client.secure({.version = version}));
  }
  EXPECT_NE(log_.waited_for("TLS handshake refused"), "");
}

TEST_F(TlsHandshake, chooses_http_1_1_and_nothing_else) {
  start();
  const auto chosen = [&](std::string_view offered) -> std::string {
    ClientTls how = trusting();
    how.protocols = offered;
    RawClient client = server_->connect();
    if (!client.secure(how)) return "refused";
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(client.tls(), &name, &size);
    EXPECT_EQ(client.exchange(kGet)->body, "hello");
    return {reinterpret_cast<const char*>(name), size};
  };
  EXPECT_EQ(chosen("\x02h2\x08http/1.1"), "http/1.1");
  EXPECT_EQ(chosen("\x08http/1.0\x08http/1.1"), "http/1.1");
  EXPECT_EQ(chosen("\x08http/1.0"), "http/1.0");
  EXPECT_EQ(chosen(""), "");
  EXPECT_EQ(chosen("\x02h2"), "refused");
}

TEST_F(TlsHandshake, is_made_once) {
  start();
  ClientTls how = trusting();
  how.version = TLS1_2_VERSION;
  RawClient client = secured(how);
  EXPECT_EQ(SSL_renegotiate(client.tls()), 1);
  EXPECT_NE(SSL_do_handshake(client.tls()), 1);
}

TEST_F(TlsHandshake, survives_the_key_updates_of_a_client) {
  start();
  RawClient client = secured();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(SSL_key_update(client.tls(), SSL_KEY_UPDATE_REQUESTED), 1);
    const auto response = client.exchange(get("/text/100000"));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body.size(), 100'000U);
  }
}

TEST_F(TlsHandshake, shows_the_whole_chain) {
  const Authority intermediate = authority_.authorize("Intermediate");
  auto identity = intermediate.issue();
  identity.certificate += intermediate.certificate();
  files_.write(identity);
  start();
  EXPECT_EQ(secured().exchange(kGet)->body, "hello");
}

TEST_F(TlsHandshake, answers_plain_http_with_what_to_do_instead) {
  start();
  for (const std::string& request :
       {kGet, std::string("DELETE /x HTTP/1.1\r\nHost: x\r\n\r\n"),
        std::string("get / HTTP/1.1\r\n\r\n"),
        std::string("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nabc")}) {
    RawClient client = server_->connect();
    const auto response = client.exchange(request);
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 400U);
    EXPECT_EQ(response->body, R"({"error":"this port speaks HTTPS: use https://"})");
    EXPECT_EQ(response->header("Connection"), "close");
    EXPECT_EQ(response->header("Strict-Transport-Security"), "(none)");
  }
}

TEST_F(TlsHandshake, does_not_take_for_ever) {
  ServerSettings settings = quiet_settings();
  settings.tls = files_.settings();
  settings.tls.handshake_timeout = 100ms;
  start(settings);
  RawClient silent = server_->connect();
  RawClient stalled = server_->connect();
  stalled.send("\x16\x03\x01\x02\x00\x01");
  EXPECT_TRUE(silent.closed_within(10s));
  EXPECT_TRUE(stalled.closed_within(10s));
  EXPECT_EQ(secured().exchange(kGet)->body, "hello");
}

TEST_F(TlsHandshake, that_is_broken_off_harms_nobody_else) {
  start();
  // The first message of a client that has not got an answer yet.
  const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  const std::shared_ptr<SSL> ssl(SSL_new(context.get()), SSL_free);
  SSL_set_bio(ssl.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_connect(ssl.get());
  const char* data = nullptr;
  const long length = BIO_get_mem_data(SSL_get_wbio(ssl.get()), &data);
  const std::string hello(data, static_cast<std::size_t>(length));
  ASSERT_GT(hello.size(), 100U);

  RawClient witness = secured();
  for (std::size_t size = 0; size <= hello.size(); size += 13) {
    RawClient resetting = server_->connect();
    resetting.send(hello.substr(0, size));
    resetting.reset();
    RawClient leaving = server_->connect();
    leaving.send(hello.substr(0, size));
    leaving.half_close();
    static_cast<void>(leaving.rest());
    std::string damaged = hello;
    damaged[std::min(size, hello.size() - 1)] ^= 0x55;
    RawClient odd = server_->connect();
    odd.send(damaged);
    odd.half_close();
    static_cast<void>(odd.rest());
    const auto response = witness.exchange(kGet);
    ASSERT_TRUE(response) << size;
    EXPECT_EQ(response->body, "hello");
  }
}

TEST_F(TlsHandshake, is_finished_to_tell_that_the_server_is_full) {
  ServerSettings settings = quiet_settings();
  settings.connections = 1;
  start(settings);
  RawClient first = secured();
  ASSERT_TRUE(first.exchange(kGet));
  RawClient second = secured();
  const auto refused = second.response();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 503U);
}

// ---- the server's life

class TlsServer : public TlsFixture {
 protected:
  [[nodiscard]] std::string start_problem() {
    ServerSettings settings = quiet_settings();
    settings.tls = files_.settings();
    Server server(settings, [](Request&) -> Task<Response> { co_return Response(); }, log_.log());
    const auto port = server.start();
    return port ? "" : port.error();
  }
};

TEST_F(TlsServer, does_not_start_with_files_that_cannot_be_used) {
  EXPECT_EQ(start_problem(), "");
  files_.write("tls.key", authority_.issue().key);
  EXPECT_THAT(start_problem(), StartsWith(files_.path("tls.key").string()));
  std::filesystem::remove(files_.path("tls.crt"));
  EXPECT_THAT(start_problem(),
              AllOf(StartsWith(files_.path("tls.crt").string()), HasSubstr("No such file")));
}

TEST_F(TlsServer, starts_with_an_expired_certificate_and_says_so) {
  files_.write(authority_.issue({.begins_in = -2h, .ends_in = -1h}));
  start();
  EXPECT_THAT(log_.waited_for("Clients will refuse"), HasSubstr("expired"));
  RawClient client = server_->connect();
  EXPECT_TRUE(client.secure()) << "some clients do not look";
}

TEST_F(TlsServer, shows_a_new_certificate_to_new_connections_and_keeps_the_others) {
  start();
  RawClient before = secured();
  const std::string old = shown_to(before);
  before.send(get("/wait"));
  server_->await_waiting(1);

  files_.write(authority_.issue());
  server_->server().reload();
  RawClient after = secured();
  EXPECT_NE(shown_to(after), old);
  EXPECT_EQ(after.exchange(kGet)->body, "hello");
  server_->release();
  EXPECT_EQ(before.response()->status, 204U);
  EXPECT_EQ(before.exchange(kGet)->body, "hello");
}

TEST_F(TlsServer, keeps_the_old_certificate_while_the_new_file_is_broken) {
  start();
  const std::string old = shown_to(secured());
  files_.write("tls.crt", "broken");
  server_->server().reload();
  EXPECT_EQ(shown_to(secured()), old);
  EXPECT_THAT(log_.waited_for("Cannot reload"), HasSubstr(files_.path("tls.crt").string()));
}

TEST_F(TlsServer, stops_with_idle_unfinished_and_busy_connections) {
  start();
  RawClient idle = secured();
  ASSERT_TRUE(idle.exchange(kGet));
  RawClient silent = server_->connect();
  RawClient unfinished = server_->connect();
  unfinished.send("\x16\x03\x01");
  RawClient busy = secured();
  busy.send(get("/wait"));
  server_->await_waiting(1);
  std::jthread stopping([&] { server_->server().stop(20s); });
  EXPECT_EQ(idle.rest(), "");
  EXPECT_EQ(SSL_get_shutdown(idle.tls()) & SSL_RECEIVED_SHUTDOWN, SSL_RECEIVED_SHUTDOWN);
  EXPECT_TRUE(silent.closed_within(10s));
  EXPECT_TRUE(unfinished.closed_within(10s));
  server_->release();
  const auto response = busy.response();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->header("Connection"), "close");
}

TEST_F(TlsServer, cuts_what_does_not_end) {
  start();
  RawClient busy = secured();
  busy.send(get("/wait"));
  server_->await_waiting(1);
  RawClient deaf(server_->port(), 4096);
  EXPECT_TRUE(deaf.secure(trusting()));
  deaf.send(get("/text/30000000"));
  server_->server().stop(100ms);
  EXPECT_FALSE(busy.response());
}

// ---- who it is

TEST(ForwardedAddress, is_believed_of_trusted_proxies_alone) {
  LogLines log;
  ServerSettings settings = quiet_settings();
  const std::string forwarded = get("/address", "X-Forwarded-For: 192.0.2.1\r\n");
  {
    TestServer server(settings, log.log());
    RawClient client = server.connect();
    EXPECT_EQ(client.exchange(forwarded)->body, "127.0.0.1");
    EXPECT_THAT(log.waited_for("--trusted-proxies"), HasSubstr("127.0.0.1"));
  }
  settings.trusted_proxies = *TrustedProxies::parse("127.0.0.0/8");
  TestServer server(settings, log.log());
  RawClient client = server.connect();
  EXPECT_EQ(client.exchange(forwarded)->body, "192.0.2.1");
  EXPECT_THAT(log.waited_for("192.0.2.1"), HasSubstr("Request served"));
  // The next one of the same connection may be another's.
  EXPECT_EQ(client.exchange(get("/address"))->body, "127.0.0.1");
}

}  // namespace
}  // namespace chartmuseum::http::test

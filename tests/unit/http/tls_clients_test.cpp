// SPDX-License-Identifier: Apache-2.0
// Mutual TLS: who gets in, who they are then, and what is said of those who do not.
#include "unit/http/test_server.hpp"
#include "unit/http/tls_files.hpp"

#include <gmock/gmock.h>
#include <openssl/err.h>

namespace chartmuseum::http::test {
namespace {

using namespace std::chrono_literals;
using chartmuseum::test::Authority;
using chartmuseum::test::CertificateText;
using chartmuseum::test::Identity;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string kWho = "GET /certificate HTTP/1.1\r\nHost: x\r\n\r\n";

class TlsClients : public testing::TestWithParam<int> {
 protected:
  TlsClients() {
    files_.write(authority_.issue());
    files_.write("ca.crt", clients_.certificate());
    ServerSettings settings = quiet_settings();
    settings.tls = files_.settings(true);
    server_ = std::make_unique<TestServer>(settings, log_.log());
  }

  [[nodiscard]] static CertificateText named(const std::string& name) {
    return {.subject = {{"O", "Example"}, {"CN", name}}, .extended_key_usage = "clientAuth"};
  }
  [[nodiscard]] ClientTls with(const Identity& identity) const {
    ClientTls how;
    how.authority = authority_.certificate();
    how.identity = identity;
    how.version = GetParam();
    return how;
  }
  /// Who the server says that a client is; "refused" if it does not talk to it.
  std::string answer_to(const Identity& identity) {
    RawClient client = server_->connect();
    // In TLS 1.3 the client is done before the server has looked at its certificate.
    if (!client.secure(with(identity)) || !client.send(kWho)) return "refused";
    const auto response = client.response();
    return response ? response->body : "refused";
  }
  void expect_refused(const Identity& identity, const std::string& reason) {
    EXPECT_EQ(answer_to(identity), "refused") << reason;
    EXPECT_THAT(log_.waited_for(reason),
                AllOf(HasSubstr("TLS handshake refused"), HasSubstr("127.0.0.1")))
        << reason;
  }

  Authority authority_{"Server Authority"};
  Authority clients_{"Client Authority"};
  TlsFiles files_;
  LogLines log_;
  std::unique_ptr<TestServer> server_;
};

TEST_P(TlsClients, are_known_by_the_subject_of_their_certificate) {
  EXPECT_EQ(answer_to(clients_.issue(named("ci"))), "CN=ci,O=Example");
}

TEST_P(TlsClients, may_not_fake_parts_of_a_subject) {
  EXPECT_EQ(answer_to(clients_.issue(named("a,O=Other"))), R"(CN=a\,O=Other,O=Example)");
  EXPECT_EQ(answer_to(clients_.issue(named("a+b\"<>;\\\r\n"))),
            R"(CN=a\+b\"\<\>\;\\\0D\0A,O=Example)");
  EXPECT_EQ(answer_to(clients_.issue(named("J\xC3\xBCrgen"))), R"(CN=J\C3\BCrgen,O=Example)");
}

TEST_P(TlsClients, need_a_certificate) {
  expect_refused({}, "the client sent no certificate");
}

TEST_P(TlsClients, need_one_of_the_right_authority) {
  expect_refused(authority_.issue(named("ci")), "self-signed certificate in certificate chain");
  const Authority impostor("Client Authority");
  expect_refused(impostor.issue(named("ci")), "certificate signature failure");
}

TEST_P(TlsClients, need_one_that_is_valid_now) {
  CertificateText text = named("ci");
  text.ends_in = -1s;
  expect_refused(clients_.issue(text), "certificate has expired");
  text = named("ci");
  text.begins_in = 1h;
  text.ends_in = 2h;
  expect_refused(clients_.issue(text), "certificate is not yet valid");
}

TEST_P(TlsClients, need_one_that_is_meant_for_clients) {
  CertificateText text = named("ci");
  text.extended_key_usage = "serverAuth";
  expect_refused(clients_.issue(text), "unsuitable certificate purpose");
}

TEST_P(TlsClients, are_told_why_by_an_alert) {
  RawClient client = server_->connect();
  ClientTls how = with(clients_.issue(named("ci")));
  how.identity = {};
  if (client.secure(how)) {
    client.send(kWho);
    EXPECT_FALSE(client.response());
  }
  const unsigned long error = ERR_peek_last_error();
  ERR_clear_error();
  EXPECT_THAT(ERR_GET_REASON(error), testing::AnyOf(SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED,
                                                    SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE));
}

TEST_P(TlsClients, stay_known_in_a_session_that_is_resumed) {
  ClientTls how = with(clients_.issue(named("ci")));
  RawClient first = server_->connect();
  ASSERT_TRUE(first.secure(how));
  EXPECT_EQ(first.exchange(kWho)->body, "CN=ci,O=Example");
  how.session = first.session();
  how.identity = {};
  RawClient next = server_->connect();
  ASSERT_TRUE(next.secure(how));
  EXPECT_EQ(next.exchange(kWho)->body, "CN=ci,O=Example");
  EXPECT_EQ(SSL_session_reused(next.tls()), 1);
}

TEST_P(TlsClients, do_not_resume_what_another_authority_let_in) {
  ClientTls how = with(clients_.issue(named("ci")));
  RawClient first = server_->connect();
  ASSERT_TRUE(first.secure(how));
  EXPECT_TRUE(first.exchange(kWho));
  how.session = first.session();
  files_.write("ca.crt", Authority("Another").certificate());
  server_->server().reload();
  RawClient next = server_->connect();
  EXPECT_FALSE(next.secure(how) && next.exchange(kWho));
  EXPECT_EQ(first.exchange(kWho)->body, "CN=ci,O=Example") << "no connection is dropped";
}

TEST_P(TlsClients, do_not_resume_with_a_certificate_that_has_expired_since) {
  CertificateText text = named("ci");
  text.ends_in = 2s;
  ClientTls how = with(clients_.issue(text));
  RawClient first = server_->connect();
  ASSERT_TRUE(first.secure(how));
  EXPECT_TRUE(first.exchange(kWho));
  how.session = first.session();
  const auto end = std::chrono::steady_clock::now() + 10s;
  bool refused = false;
  while (!refused && std::chrono::steady_clock::now() < end) {
    RawClient next = server_->connect();
    refused = !next.secure(how) || !next.exchange(kWho);
  }
  EXPECT_TRUE(refused);
}

TEST_P(TlsClients, may_come_through_an_intermediate_authority_that_is_named) {
  const Authority intermediate = clients_.authorize("Team Authority");
  files_.write("ca.crt", intermediate.certificate());
  server_->server().reload();
  EXPECT_EQ(answer_to(intermediate.issue(named("ci"))), "CN=ci,O=Example");
  expect_refused(clients_.issue(named("ci")), "unable to get");
}

TEST_P(TlsClients, over_plain_http_get_nowhere) {
  RawClient client = server_->connect();
  EXPECT_EQ(client.exchange(kWho)->status, 400U);
}

TEST(TlsWithoutAuthorities, asks_for_no_certificate) {
  const Authority authority("Authority");
  TlsFiles files;
  files.write(authority.issue());
  ServerSettings settings = quiet_settings();
  settings.tls = files.settings();
  TestServer server(settings);
  RawClient client = server.connect();
  ClientTls how;
  how.identity = authority.issue();
  ASSERT_TRUE(client.secure(how));
  EXPECT_EQ(client.exchange(kWho)->body, "(none)");
}

INSTANTIATE_TEST_SUITE_P(Versions, TlsClients, testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](const auto& version) {
                           return version.param == TLS1_3_VERSION ? "Tls13" : "Tls12";
                         });

}  // namespace
}  // namespace chartmuseum::http::test

// SPDX-License-Identifier: Apache-2.0
#include "unit/transport/certificate.hpp"
#include "unit/transport/faulty_server.hpp"
#include "unit/transport/requests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace chartmuseum::transport {
namespace {

using namespace test;  // NOLINT: a test's own helpers
using testing::HasSubstr;

FaultyServer::Script saying_hello() {
  return answering([](const ReceivedRequest&) { return ok("hello"); });
}

ClientSettings trusting(const Certificate& certificate) {
  ClientSettings settings;
  settings.tls.ca_file = certificate.certificate_file();
  return settings;
}

TEST(Tls, trusts_the_authority_that_it_is_given) {
  const Certificate certificate("IP:127.0.0.1");
  FaultyServer server(saying_hello(), &certificate);
  Client client(trusting(certificate));
  EXPECT_EQ(outcome(client, get(server.url())), "200 hello");
  EXPECT_EQ(outcome(client, get(server.url())), "200 hello");
  EXPECT_EQ(server.connections(), 1);
}

TEST(Tls, streams_too_over_connections_of_their_own) {
  const Certificate certificate("IP:127.0.0.1");
  FaultyServer server(saying_hello(), &certificate);
  Client client(trusting(certificate));
  EXPECT_EQ(outcome(client, get(server.url())), "200 hello");
  const auto response = run_task(client.open(get(server.url()))).value();
  EXPECT_EQ(run_task(read_all(*response.body)).value(), "hello");
  EXPECT_EQ(server.connections(), 2);
}

TEST(Tls, distrusts_certificates_of_others) {
  const Certificate certificate("IP:127.0.0.1");
  const Certificate other("IP:127.0.0.1");
  FaultyServer server(saying_hello(), &certificate);
  Client client(trusting(other));
  const auto result = send(client, get(server.url()));
  EXPECT_EQ(outcome(result), "tls");
  EXPECT_THAT(result.error().detail, HasSubstr("certificate"));

  Client with_the_systems;
  EXPECT_EQ(outcome(with_the_systems, get(server.url())), "tls");
}

TEST(Tls, distrusts_certificates_for_other_names) {
  const Certificate certificate("DNS:other.example");
  FaultyServer server(saying_hello(), &certificate);
  Client client(trusting(certificate));
  EXPECT_EQ(outcome(client, get(server.url())), "tls");
}

TEST(Tls, can_be_told_to_trust_everybody) {
  const Certificate certificate("DNS:other.example");
  FaultyServer server(saying_hello(), &certificate);
  ClientSettings settings;
  settings.tls.verify = false;
  Client client(settings);
  EXPECT_EQ(outcome(client, get(server.url())), "200 hello");
}

TEST(Tls, says_that_a_file_is_no_good) {
  const Certificate certificate("IP:127.0.0.1");
  FaultyServer server(saying_hello(), &certificate);
  ClientSettings settings;
  settings.tls.ca_file = "/nonexistent.pem";
  Client client(settings);
  const auto result = send(client, get(server.url()));
  EXPECT_EQ(outcome(result), "tls");
  EXPECT_THAT(result.error().detail, HasSubstr("/nonexistent.pem"));
}

TEST(Tls, finds_no_tls_where_a_server_speaks_without) {
  FaultyServer server([](ServerConnection& connection) {
    connection.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    connection.wait_for_end();
  });
  Client client;
  EXPECT_EQ(outcome(client, get("https://127.0.0.1:" + std::to_string(server.port()) + "/")),
            "tls");
}

}  // namespace
}  // namespace chartmuseum::transport

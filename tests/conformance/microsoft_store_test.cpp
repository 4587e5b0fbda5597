// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/microsoft_store.hpp"

#include "conformance/run_task.hpp"
#include "conformance/store_conformance.hpp"
#include "storage/remote/hashes.hpp"
#include "support/server_process.hpp"
#include "support/variables.hpp"
#include "transport/client.hpp"
#include "unit/transport/faulty_server.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <stdexcept>
#include <utility>

namespace chartmuseum::storage {
namespace {

using test::ServerProcess;

const auto& azurite() {
  static const auto started = ServerProcess::start("azurite");
  return started;
}

const auto& azurite_with_tls() {
  static const auto started = ServerProcess::start("azurite", {"--tls"});
  return started;
}

/// A prefix of its own for each test, so that all share one container.
std::string new_prefix(const std::string& begin) {
  static std::atomic<int> made = 0;
  return begin + std::to_string(++made);
}

using Variables = std::map<std::string, std::string>;

Variables with_key(const ServerProcess& server) {
  return {{"AZURE_STORAGE_CONNECTION_STRING", server.fact("connection_string")}};
}

std::string base64url(std::string_view text) {
  std::string encoded = base64(text);
  encoded.erase(encoded.find_last_not_of('=') + 1);
  std::ranges::replace(encoded, '+', '-');
  std::ranges::replace(encoded, '/', '_');
  return encoded;
}

/// Azurite looks at a token's dates, issuer and audience, not at its signature.
std::string unsigned_token() {
  return base64url(R"({"alg":"none","typ":"JWT"})") + '.' +
         base64url(
             R"({"aud":"https://storage.azure.com","iss":"https://sts.windows.net/tenant/",)"
             R"("iat":1600000000,"nbf":1600000000,"exp":4000000000,"oid":"object","tid":"tenant"})") +
         ".none";
}

Variables with_identity(const ServerProcess& server) {
  static const transport::test::FaultyServer metadata(
      transport::test::answering([](const transport::test::ReceivedRequest&) {
        return transport::test::ok(R"({"access_token":")" + unsigned_token() +
                                   R"(","expires_on":"4000000000"})");
      }));
  return {{"AZURE_STORAGE_CONNECTION_STRING",
           "AccountName=" + server.fact("account") + ";BlobEndpoint=" + server.fact("url")},
          {"IDENTITY_ENDPOINT", metadata.url("/token")},
          {"IDENTITY_HEADER", "any"}};
}

StoreUnderTest store_of(const ServerProcess& server, const std::string& prefix,
                        Variables variables) {
  if (server.fact("url").starts_with("https")) {
    variables["SSL_CERT_FILE"] = server.fact("ca_file");
  }
  auto store =
      make_microsoft_store({.container = server.fact("bucket"), .prefix = prefix},
                           test::variables(std::move(variables)), telemetry::Log::discarding());
  if (!store) throw std::runtime_error(store.error());
  return {nullptr, *std::move(store)};
}

template <class Server>
StoreBackend backend(std::string name, const Server& server, const std::string& prefix,
                     Variables (*variables)(const ServerProcess&)) {
  StoreTraits traits;
  traits.one_remover = false;
  traits.names_with_any_byte = false;
  traits.large_object = 20 << 20;  // three blocks
  traits.many_objects = 5'100;     // more than a page
  std::string why_not = server ? "" : server.error();
  return {.name = std::move(name),
          .make = [&server, prefix, variables]() -> StoreUnderTest {
            if (!server) return {};
            return store_of(*server, new_prefix(prefix), variables(*server));
          },
          .traits = traits,
          .why_not = std::move(why_not)};
}

INSTANTIATE_TEST_SUITE_P(Microsoft, StoreConformance,
                         testing::Values(backend("azurite", azurite(), "charts", with_key),
                                         backend("azurite_with_tls_and_an_identity",
                                                 azurite_with_tls(), "/a b/", with_identity)),
                         [](const auto& test) { return test.param.name; });

std::string downloaded(const std::string& url, const std::string& ca_file) {
  transport::ClientSettings settings;
  settings.tls.ca_file = ca_file;
  transport::Client client(settings);
  transport::Request request;
  request.url = url;
  const auto answer = run_task(client.send(std::move(request)));
  return answer ? std::to_string(answer->status) + ' ' + answer->body : answer.error().detail;
}

void expect_downloads(const ServerProcess& server, const Variables& variables,
                      const std::string& ca_file) {
  const auto under_test = store_of(server, new_prefix("/down load+"), variables);
  const std::string key = "org/a+b %20-1.0.0.tgz";
  ASSERT_TRUE(run_task(under_test.store->put(key, "bytes", PutCondition::create_only)));
  const auto url = run_task(under_test.store->download_url(key, std::chrono::minutes(5)));
  ASSERT_TRUE(url) << url.error().detail;
  ASSERT_TRUE(*url);
  EXPECT_EQ(downloaded(**url, ca_file), "200 bytes");
  std::string another = **url;
  another.replace(another.find("1.0.0"), 5, "2.0.0");
  EXPECT_THAT(downloaded(another, ca_file), testing::StartsWith("403 "));
}

TEST(MicrosoftDownloads, may_be_signed_with_the_accounts_key) {
  if (!azurite()) GTEST_SKIP() << azurite().error();
  expect_downloads(*azurite(), with_key(*azurite()), "");
}

TEST(MicrosoftDownloads, may_be_signed_with_a_key_that_an_identity_is_given) {
  if (!azurite_with_tls()) GTEST_SKIP() << azurite_with_tls().error();
  expect_downloads(*azurite_with_tls(), with_identity(*azurite_with_tls()),
                   azurite_with_tls()->fact("ca_file"));
}

TEST(MicrosoftDownloads, cannot_be_had_with_a_shared_access_signature) {
  if (!azurite()) GTEST_SKIP() << azurite().error();
  const auto under_test =
      store_of(*azurite(), "",
               {{"AZURE_STORAGE_CONNECTION_STRING",
                 "BlobEndpoint=" + azurite()->fact("url") + ";SharedAccessSignature=s=1"}});
  EXPECT_EQ(*run_task(under_test.store->download_url("a", std::chrono::minutes(5))), std::nullopt);
}

}  // namespace
}  // namespace chartmuseum::storage

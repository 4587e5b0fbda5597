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

class MicrosoftInterchange : public testing::Test {
 protected:
  void SetUp() override {
    if (!azurite()) GTEST_SKIP() << azurite().error();
    prefix_ = new_prefix("exchange");
    store_ = store_of(*azurite(), prefix_, with_key(*azurite())).store;
  }

  /// See tests/servers/azure_client.mjs.
  std::expected<ServerProcess, std::string> run_client(const std::vector<std::string>& names) {
    std::vector<std::string> arguments = {azurite()->fact("connection_string"),
                                          azurite()->fact("bucket"), prefix_ + "/"};
    arguments.insert(arguments.end(), names.begin(), names.end());
    return ServerProcess::start("azure_client", arguments);
  }

  std::string get(const std::string& key) {
    const auto got = run_task(store_->get(key, 100 << 20));
    if (!got) return got.error().detail;
    return *got ? (*got)->bytes : "absent";
  }

  FailureKind refused_creation(const std::string& key, const std::string& bytes) {
    const auto stored = run_task(store_->put(key, bytes, PutCondition::create_only));
    return stored ? FailureKind::unavailable : stored.error().kind;
  }

  std::string prefix_;
  std::shared_ptr<ObjectStore> store_;
};

const std::string kLarge(20 << 20, 'L');  // of three blocks

TEST_F(MicrosoftInterchange, with_the_vendors_client_is_both_ways) {
  const std::vector<std::string> names = {"a+b-1.0.0+build.tgz", "a b.tgz",  "a%20b%2B.prov",
                                          "a#b?c=d&e",           "'\"`$;",   "\xc3\xa9t\xc3\xa9",
                                          "org/team/x.tgz",      "large.tgz"};
  for (const std::string& name : names) {
    const std::string bytes = name == "large.tgz" ? kLarge : "ours: " + name;
    ASSERT_TRUE(run_task(store_->put(name, bytes, PutCondition::create_only))) << name;
  }
  const auto client = run_client(names);
  if (!client) GTEST_SKIP() << client.error();
  EXPECT_EQ(client->fact("listed"), std::to_string(names.size()));
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(client->fact("read" + std::to_string(i)),
              names[i] == "large.tgz" ? Digest::of(kLarge).hex() : "ours: " + names[i]);
    EXPECT_EQ(get("theirs/" + names[i]), "theirs: " + names[i]);
  }
  EXPECT_EQ(client->fact("type0"), "application/x-tar");
  EXPECT_EQ(client->fact("type2"), "application/pgp-signature");
  EXPECT_EQ(get("theirs/blocks.tgz"), std::string(3'000'000, 't'));
  EXPECT_EQ(get("theirs/pending.tgz"), "absent");

  std::vector<std::string> listed;
  const auto theirs = run_task(store_->list("theirs"));
  ASSERT_TRUE(theirs);
  for (const ObjectInfo& object : *theirs) {
    listed.push_back(object.name);
    EXPECT_TRUE(object.same_content(**run_task(store_->stat("theirs/" + object.name))));
  }
  std::vector<std::string> expected = {"appended.tgz", "appended-large.tgz", "blocks.tgz"};
  for (const std::string& name : names) {
    if (!name.contains('/')) expected.push_back(name);
  }
  EXPECT_THAT(listed, testing::UnorderedElementsAreArray(expected));
}

TEST_F(MicrosoftInterchange, with_the_go_server_replaces_its_append_blobs) {
  const auto client = run_client({});
  if (!client) GTEST_SKIP() << client.error();
  for (const auto& [key, bytes] : {std::pair("theirs/appended.tgz", std::string("new")),
                                   std::pair("theirs/appended-large.tgz", kLarge)}) {
    EXPECT_EQ(get(key), "the first, the second");
    EXPECT_EQ(refused_creation(key, bytes), FailureKind::conflict);
    EXPECT_EQ(get(key), "the first, the second");
    const auto replaced = run_task(store_->put(key, bytes, PutCondition::overwrite));
    ASSERT_TRUE(replaced) << replaced.error().detail;
    EXPECT_TRUE(get(key) == bytes);
  }
}

TEST_F(MicrosoftInterchange, an_upload_that_somebody_gave_up_is_in_nobodys_way) {
  const auto client = run_client({});
  if (!client) GTEST_SKIP() << client.error();
  // Overwriting, because azurite's Put Blob takes it for an object if it is only to create.
  const auto stored = run_task(store_->put("theirs/pending.tgz", kLarge, PutCondition::overwrite));
  ASSERT_TRUE(stored) << stored.error().detail;
  EXPECT_TRUE(get("theirs/pending.tgz") == kLarge);
}

}  // namespace
}  // namespace chartmuseum::storage

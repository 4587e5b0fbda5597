// SPDX-License-Identifier: Apache-2.0
// Amazon's own client for Node.js reads what we wrote, and we read what it wrote.
#include "base/digest.hpp"
#include "conformance/run_task.hpp"
#include "storage/amazon/amazon_store.hpp"
#include "support/server_process.hpp"
#include "transport/client.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace chartmuseum::storage {
namespace {

using chartmuseum::test::ServerProcess;

const std::map<std::string, std::string> kOddObjects{
    {"a+b-1.0.0+build.tgz", "plus"},
    {"a b", "space"},
    {"a%20b", "percent"},
    {"a%2Bb", "percent and plus"},
    {"a#b?c=d&e", "marks"},
    {"~", "tilde"},
    {"'\"`$;", "quotes"},
    {"a:b", "colon"},
    {"\xc3\xa9t\xc3\xa9", "accents"},
    {"\xe6\xa8\xa1\xe5\x9e\x8b", "\xe6\xa8\xa1\xe5\x9e\x8b"},
    {"empty", ""}};

const auto& swift() {
  static const auto started = ServerProcess::start("openstack_swift");
  return started;
}

Environment keys(const std::string& access_key, const std::string& secret_key) {
  return [=](const std::string& name) -> std::optional<std::string> {
    if (name == "AWS_ACCESS_KEY_ID") return access_key;
    if (name == "AWS_SECRET_ACCESS_KEY") return secret_key;
    return std::nullopt;
  };
}

AmazonSettings settings() {
  AmazonSettings settings;
  settings.bucket = swift()->fact("bucket");
  settings.prefix = "odd pre+fix/%41";
  settings.endpoint = swift()->fact("url");
  return settings;
}

std::unique_ptr<ObjectStore> store_of(const AmazonSettings& settings,
                                      const Environment& environment) {
  auto store = make_amazon_store(settings, environment, telemetry::Log::discarding());
  if (!store) throw std::runtime_error(store.error());
  return std::move(*store);
}

class AmazonClient : public testing::Test {
 protected:
  void SetUp() override {
    if (!swift()) GTEST_SKIP() << swift().error();
    store_ = store_of(settings(), environment());
  }

  static Environment environment() {
    return keys(swift()->fact("access_key"), swift()->fact("secret_key"));
  }

  static auto client(const std::string& folder, const std::string& written = "{}") {
    return ServerProcess::start(
        "amazon_client",
        {"--endpoint", swift()->fact("url"), "--bucket", swift()->fact("bucket"), "--prefix",
         "odd pre+fix/%41/" + folder + "/", "--access-key", swift()->fact("access_key"),
         "--secret-key", swift()->fact("secret_key"), "--write", written});
  }

  std::unique_ptr<ObjectStore> store_;
};

TEST_F(AmazonClient, reads_what_we_wrote) {
  for (const auto& [name, bytes] : kOddObjects) {
    const auto stored = run_task(store_->put("ours/" + name, bytes, PutCondition::create_only));
    ASSERT_TRUE(stored) << stored.error().detail;
  }
  const std::string large(17 << 20, 'l');  // in three parts
  ASSERT_TRUE(run_task(store_->put("ours/large", large, PutCondition::create_only)));
  const auto read = client("ours");
  if (!read) GTEST_SKIP() << read.error();
  for (const auto& [name, bytes] : kOddObjects) EXPECT_EQ(read->fact(name), bytes) << name;
  EXPECT_EQ(read->fact("large"), Digest::of(large).hex());
}

TEST_F(AmazonClient, writes_what_we_read) {
  boost::json::object objects;
  for (const auto& [name, bytes] : kOddObjects) objects[name] = bytes;
  const auto written = client("theirs", boost::json::serialize(objects));
  if (!written) GTEST_SKIP() << written.error();
  const auto listed = run_task(store_->list("theirs"));
  ASSERT_TRUE(listed) << listed.error().detail;
  std::vector<std::string> names;
  for (const ObjectInfo& object : *listed) {
    names.push_back(object.name);
    const auto got = run_task(store_->get("theirs/" + object.name, 1000));
    ASSERT_TRUE(got && *got) << object.name;
    EXPECT_EQ((*got)->bytes, kOddObjects.at(object.name));
    EXPECT_TRUE((*got)->info.same_content(object));
  }
  EXPECT_EQ(names.size(), kOddObjects.size());
}

TEST_F(AmazonClient, may_ask_for_the_bucket_in_the_hosts_name) {
  AmazonSettings in_host = settings();
  const std::string& url = swift()->fact("url");
  in_host.endpoint = "http://" + swift()->fact("storage_domain") + url.substr(url.rfind(':'));
  in_host.force_path_style = false;
  const auto store = store_of(in_host, environment());
  const auto stored = run_task(store->put("hosts/a+b", "bytes", PutCondition::overwrite));
  ASSERT_TRUE(stored) << stored.error().detail;
  EXPECT_EQ(run_task(store_->get("hosts/a+b", 100))->value().bytes, "bytes");
}

TEST_F(AmazonClient, may_be_sent_to_a_signed_url) {
  const std::string key = "org/a+b %20-1.0.0.tgz";
  ASSERT_TRUE(run_task(store_->put(key, "bytes", PutCondition::overwrite)));
  const auto url = run_task(store_->download_url(key, std::chrono::minutes(5)));
  ASSERT_TRUE(url && *url);
  const auto status_of = [](const std::string& asked) {
    transport::Client client;
    transport::Request request;
    request.url = asked;
    const auto answer = run_task(client.send(std::move(request)));
    return answer ? std::to_string(answer->status) + " " + answer->body : answer.error().detail;
  };
  EXPECT_EQ(status_of(**url), "200 bytes");
  std::string another = **url;
  another.replace(another.find("1.0.0"), 5, "2.0.0");
  EXPECT_THAT(status_of(another), testing::StartsWith("403 "));
}

TEST_F(AmazonClient, is_told_what_to_check) {
  const auto failure_with = [](const AmazonSettings& settings, const Environment& environment) {
    const auto store = store_of(settings, environment);
    const auto listed = run_task(store->list(""));
    const auto found = run_task(store->stat("a"));
    if (listed || found) return std::string("no failure");
    EXPECT_EQ(listed.error().kind, FailureKind::denied) << listed.error().detail;
    EXPECT_EQ(found.error().kind, FailureKind::denied) << found.error().detail;
    return listed.error().detail + "|" + found.error().detail;
  };
  using testing::HasSubstr;
  AmazonSettings missing = settings();
  missing.bucket = "missing";
  EXPECT_THAT(failure_with(missing, environment()), HasSubstr("--storage-amazon-bucket"));
  const std::string& key = swift()->fact("access_key");
  EXPECT_THAT(failure_with(settings(), keys(key, "wrong")), HasSubstr("secret key"));
  EXPECT_THAT(failure_with(settings(), keys(swift()->fact("stranger_access_key"),
                                            swift()->fact("stranger_secret_key"))),
              HasSubstr("s3:ListBucket"));
  AmazonSettings elsewhere = settings();
  elsewhere.region = "eu-west-1";
  EXPECT_THAT(failure_with(elsewhere, environment()), HasSubstr("--storage-amazon-region"));
}

}  // namespace
}  // namespace chartmuseum::storage

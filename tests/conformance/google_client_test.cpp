// SPDX-License-Identifier: Apache-2.0
// Google's own client for Node.js reads what we wrote, and we read what it wrote.
#include "base/digest.hpp"
#include "conformance/run_task.hpp"
#include "storage/google/google_store.hpp"
#include "support/server_process.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

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

class GoogleClient : public testing::Test {
 protected:
  static const auto& emulator() {
    static const auto started = ServerProcess::start("firebase_storage");
    return started;
  }

  void SetUp() override {
    if (!emulator()) GTEST_SKIP() << emulator().error();
    const std::string host = emulator()->fact("emulator_host");
    auto store = make_google_store(
        {.bucket = "charts", .prefix = "odd pre+fix/%41"},
        [host](const std::string& name) -> std::optional<std::string> {
          if (name == "STORAGE_EMULATOR_HOST") return host;
          return std::nullopt;
        },
        telemetry::Log::discarding());
    ASSERT_TRUE(store) << store.error();
    store_ = std::move(*store);
  }

  static auto client(const std::string& folder, const std::string& written = "{}") {
    return ServerProcess::start(
        "google_client", {"--endpoint", emulator()->fact("url"), "--bucket", "charts", "--prefix",
                          "odd pre+fix/%41/" + folder + "/", "--write", written});
  }

  std::unique_ptr<ObjectStore> store_;
};

TEST_F(GoogleClient, reads_what_we_wrote) {
  for (const auto& [name, bytes] : kOddObjects) {
    const auto stored = run_task(store_->put("ours/" + name, bytes, PutCondition::create_only));
    ASSERT_TRUE(stored) << stored.error().detail;
  }
  const std::string large(17 << 20, 'l');  // in a resumable upload
  ASSERT_TRUE(run_task(store_->put("ours/large", large, PutCondition::create_only)));
  const auto read = client("ours");
  if (!read) GTEST_SKIP() << read.error();
  for (const auto& [name, bytes] : kOddObjects) EXPECT_EQ(read->fact(name), bytes) << name;
  EXPECT_EQ(read->fact("large"), Digest::of(large).hex());
}

TEST_F(GoogleClient, writes_what_we_read) {
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

}  // namespace
}  // namespace chartmuseum::storage

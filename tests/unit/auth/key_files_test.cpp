// SPDX-License-Identifier: Apache-2.0
#include "auth/key_files.hpp"

#include "conformance/run_task.hpp"
#include "conformance/temporary_folder.hpp"
#include "token_signer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace chartmuseum::auth {
namespace {

using std::chrono::seconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class KeyFilesTest : public testing::Test {
 protected:
  void write(const char* name, std::string_view text) {
    const std::filesystem::path fresh = folder_.path() / "fresh";
    std::ofstream(fresh) << text;
    std::filesystem::rename(fresh, path(name));
  }
  [[nodiscard]] std::string path(const char* name) const { return folder_.path() / name; }

  std::expected<std::unique_ptr<KeyFiles>, std::string> open(
      const std::vector<const char*>& names) {
    KeyFiles::Settings settings;
    for (const char* name : names) settings.paths.push_back(path(name));
    settings.log =
        telemetry::Log::to({}, [this](std::string_view line) { lines_.emplace_back(line); });
    settings.clock = [this] { return now_.load(); };
    return KeyFiles::open(settings);
  }

  TemporaryFolder folder_;
  std::vector<std::string> lines_;
  std::atomic<std::chrono::steady_clock::time_point> now_{
      std::chrono::steady_clock::time_point(seconds(1000))};
};

TEST_F(KeyFilesTest, trust_the_keys_of_all_files) {
  write("a.pem", TokenSigner::rsa().public_pem());
  write("b.pem", TokenSigner::ed25519().public_pem() + TokenSigner::ed25519().public_pem());
  EXPECT_THAT(open({"a.pem", "b.pem"}).value()->current()->keys, SizeIs(3));
}

TEST_F(KeyFilesTest, are_not_opened_when_one_cannot_be_used) {
  write("a.pem", TokenSigner::rsa().public_pem());
  write("b.pem", TokenSigner::rsa().private_pem());
  EXPECT_THAT(open({"a.pem", "b.pem"}).error(),
              AllOf(HasSubstr("key file " + path("b.pem")), HasSubstr("private key")));
  EXPECT_THAT(open({"none.pem"}).error(), HasSubstr("No such file or directory"));
  EXPECT_FALSE(open({}));
}

TEST_F(KeyFilesTest, have_new_keys_soon_after_a_file_changed_and_the_same_set_until_then) {
  write("a.pem", TokenSigner::rsa().public_pem());
  const auto files = open({"a.pem"}).value();
  const KeySetPointer before = files->current();
  now_ = now_.load() + seconds(2);
  EXPECT_EQ(files->current(), before);
  write("a.pem", TokenSigner::ed25519().public_pem());
  now_ = now_.load() + seconds(2);
  const KeySetPointer after = files->current();
  EXPECT_NE(after, before);
  EXPECT_NE(after->generation, before->generation);
  EXPECT_EQ(after->keys.front().kind(), KeyKind::ed25519);
  EXPECT_EQ(run_task(files->renew(after)), after);
}

TEST_F(KeyFilesTest, keep_the_old_keys_when_the_new_file_cannot_be_used) {
  write("a.pem", TokenSigner::rsa().public_pem());
  const auto files = open({"a.pem"}).value();
  const KeySetPointer before = files->current();
  write("a.pem", TokenSigner::rsa().public_pem().substr(0, 300));
  files->look_now();
  EXPECT_EQ(files->current(), before);
  std::filesystem::remove(path("a.pem"));
  files->look_now();
  EXPECT_EQ(files->current(), before);
  EXPECT_THAT(lines_, ElementsAre(AllOf(HasSubstr("ERROR"), HasSubstr(path("a.pem")),
                                        HasSubstr("block 1: it is cut off")),
                                  AllOf(HasSubstr("ERROR"), HasSubstr("No such file"))));
}

TEST_F(KeyFilesTest, show_threads_one_whole_set_or_the_other) {
  const std::string one = TokenSigner::ed25519().public_pem();
  const std::string two = one + TokenSigner::elliptic("P-256").public_pem();
  write("a.pem", one);
  const auto files = open({"a.pem"}).value();
  std::atomic<bool> done = false;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      std::uint64_t last = 0;
      while (!done) {
        const KeySetPointer keys = files->current();
        ASSERT_EQ(keys->keys.size(), keys->generation % 2 == 1 ? 1U : 2U);
        ASSERT_GE(keys->generation, last) << "nobody goes back to an older set";
        last = keys->generation;
      }
    });
  }
  for (int i = 0; i < 40; ++i) {
    write("a.pem", i % 2 == 0 ? two : one);
    const std::uint64_t before = files->current()->generation;
    // A set that changed within one step of the file's clock is looked at again.
    while (files->current()->generation == before) now_ = now_.load() + seconds(1);
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace chartmuseum::auth

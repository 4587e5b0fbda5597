// SPDX-License-Identifier: Apache-2.0
#include "storage/local_write.hpp"

#include "conformance/temporary_folder.hpp"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace chartmuseum::storage {
namespace {

namespace fs = std::filesystem;

class TemporaryFileTest : public testing::Test {
 protected:
  TemporaryFileTest() : open_(::open(folder_.path().c_str(), O_RDONLY | O_DIRECTORY)) {}

  [[nodiscard]] fs::path path(const std::string& name) const { return folder_.path() / name; }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream file(path(name));
    return {std::istreambuf_iterator<char>(file), {}};
  }
  [[nodiscard]] std::ptrdiff_t entries() const {
    return std::distance(fs::directory_iterator(folder_.path()), {});
  }
  [[nodiscard]] TemporaryFile written(std::string_view bytes) const {
    auto file = TemporaryFile::create(open_.get(), path("a"));
    if (!file || !file->write(bytes)) throw std::runtime_error("cannot write");
    return std::move(*file);
  }

 private:
  TemporaryFolder folder_;
  FileDescriptor open_;
};

TEST_F(TemporaryFileTest, has_a_name_that_no_object_has) {
  const TemporaryFile file = written("x");
  EXPECT_TRUE(is_temporary_name(fs::directory_iterator(path(""))->path().filename().native()));
  EXPECT_FALSE(is_temporary_name(".chartmuseum-1.0.0.tgz"));
  EXPECT_FALSE(is_temporary_name("a.part"));
}

TEST_F(TemporaryFileTest, is_gone_unless_it_is_published) {
  {
    const TemporaryFile file = written("x");
  }
  EXPECT_EQ(entries(), 0);
}

TEST_F(TemporaryFileTest, takes_the_name_that_it_is_given) {
  {
    ASSERT_TRUE(written("x").publish("a", PutCondition::create_only));
  }
  EXPECT_EQ(read("a"), "x");
  EXPECT_EQ(entries(), 1);
}

TEST_F(TemporaryFileTest, yields_to_what_has_the_name_when_only_creating) {
  ASSERT_TRUE(written("first").publish("a", PutCondition::create_only));
  const auto published = written("second").publish("a", PutCondition::create_only);
  ASSERT_FALSE(published);
  EXPECT_EQ(published.error().kind, FailureKind::conflict);
  EXPECT_EQ(read("a"), "first");
  EXPECT_EQ(entries(), 1);
}

TEST_F(TemporaryFileTest, takes_the_place_of_a_broken_link) {
  for (const char* target : {"nowhere", "a"}) {  // to nothing; to itself
    fs::remove(path("a"));
    fs::create_symlink(target, path("a"));
    ASSERT_TRUE(written("x").publish("a", PutCondition::create_only));
    EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(path("a"))));
    EXPECT_EQ(read("a"), "x");
    EXPECT_EQ(entries(), 1);
  }
}

TEST_F(TemporaryFileTest, yields_to_a_link_that_leads_somewhere) {
  std::ofstream(path("target")) << "t";
  fs::create_symlink("target", path("a"));
  EXPECT_FALSE(written("x").publish("a", PutCondition::create_only));
  EXPECT_EQ(read("a"), "t");
  EXPECT_TRUE(fs::is_symlink(path("a")));
  EXPECT_EQ(entries(), 2);
}

TEST_F(TemporaryFileTest, is_withdrawn_only_while_it_has_the_name) {
  TemporaryFile mine = written("mine");
  ASSERT_TRUE(mine.publish("a", PutCondition::create_only));
  mine.withdraw("a");
  EXPECT_FALSE(fs::exists(path("a")));

  TemporaryFile again = written("mine");
  ASSERT_TRUE(again.publish("a", PutCondition::create_only));
  ASSERT_TRUE(written("theirs").publish("a", PutCondition::overwrite));
  again.withdraw("a");
  EXPECT_EQ(read("a"), "theirs");
}

}  // namespace
}  // namespace chartmuseum::storage

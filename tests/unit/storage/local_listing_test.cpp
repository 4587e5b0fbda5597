// SPDX-License-Identifier: Apache-2.0
#include "storage/local_listing.hpp"

#include "unit/storage/local_store_fixture.hpp"

#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace chartmuseum::storage {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class LocalListingTest : public LocalStoreTest {
 protected:
  /// One of everything that is no object.
  void make_oddities() {
    fs::create_symlink("nowhere", root() / "dangling.tgz");
    fs::create_symlink("loop.tgz", root() / "loop.tgz");
    fs::create_directory_symlink(outside(), root() / "folder-link.tgz");
    ASSERT_EQ(::mkfifo((root() / "fifo.tgz").c_str(), 0644), 0);
    fs::create_symlink("fifo.tgz", root() / "link-to-fifo.tgz");
    fs::create_symlink("/dev/zero", root() / "device.tgz");
    socket_ = FileDescriptor(::socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, (root() / "socket.tgz").c_str(), sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    write(root() / "back\\slash.tgz", "x");
  }

  std::vector<std::string> oddities() const {
    return {"dangling.tgz", "loop.tgz",         "folder-link.tgz", "fifo.tgz",
            "socket.tgz",   "link-to-fifo.tgz", "device.tgz",      "back\\slash.tgz"};
  }

 private:
  FileDescriptor socket_;
};

TEST_F(LocalListingTest, leaves_out_what_is_no_object_and_says_so_once) {
  write(root() / "good.tgz", "x");
  make_oddities();
  EXPECT_THAT(names(""), ElementsAre("good.tgz"));
  const auto lines = log_lines();
  EXPECT_EQ(lines.size(), oddities().size());
  for (const std::string& name : oddities()) {
    if (name.find('\\') != std::string::npos) continue;  // escaped in the log
    EXPECT_THAT(lines, testing::Contains(HasSubstr(name))) << name;
  }
  EXPECT_THAT(names(""), ElementsAre("good.tgz"));
  EXPECT_EQ(log_lines().size(), lines.size());
}

TEST_F(LocalListingTest, says_it_again_when_the_thing_has_changed) {
  fs::create_symlink("nowhere", root() / "a.tgz");
  names("");
  EXPECT_EQ(log_lines().size(), 1U);
  write(root() / "nowhere", "x");
  EXPECT_THAT(names(""), ElementsAre("a.tgz", "nowhere"));
  fs::remove(root() / "nowhere");
  names("");
  EXPECT_EQ(log_lines().size(), 2U);
  fs::remove(root() / "a.tgz");
  fs::create_symlink("elsewhere", root() / "a.tgz");
  names("");
  EXPECT_EQ(log_lines().size(), 3U);
}

TEST_F(LocalListingTest, never_waits_for_what_is_no_object) {
  make_oddities();
  for (const std::string& name : oddities()) {
    if (name.find('\\') != std::string::npos) continue;  // no valid key
    EXPECT_EQ(get(name), "(absent)") << name;
    const auto opened = run_task(store().open(name));
    EXPECT_TRUE(opened && !*opened) << name;
    const auto found = run_task(store().stat(name));
    EXPECT_TRUE(found && !*found) << name;
    const auto removed = run_task(store().remove(name));
    EXPECT_TRUE(removed && !*removed) << name;
    EXPECT_NE(fs::symlink_status(root() / name).type(), fs::file_type::not_found) << name;
  }
}

TEST_F(LocalListingTest, leaves_out_writes_in_progress) {
  write(root() / "good.tgz", "x");
  write(root() / ".chartmuseum-0123456789abcdef.part", "half");
  EXPECT_THAT(names(""), ElementsAre("good.tgz"));
  EXPECT_TRUE(fs::exists(root() / ".chartmuseum-0123456789abcdef.part"));
  EXPECT_TRUE(log_lines().empty());
}

TEST_F(LocalListingTest, removes_what_a_dead_writer_left_behind) {
  const fs::path orphan = root() / ".chartmuseum-0123456789abcdef.part";
  const fs::path foreign = root() / ".other-0123456789abcdef.part";
  for (const fs::path& file : {orphan, foreign}) {
    write(file, "half");
    fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(2));
  }
  EXPECT_THAT(names(""), ElementsAre(foreign.filename().native()));
  EXPECT_FALSE(fs::exists(orphan));
  EXPECT_TRUE(fs::exists(foreign));
}

TEST_F(LocalListingTest, follows_a_folder_that_is_a_link) {
  write(outside() / "a.tgz", "x");
  fs::create_directory_symlink(outside(), root() / "org");
  EXPECT_THAT(names("org"), ElementsAre("a.tgz"));
  EXPECT_EQ(get("org/a.tgz"), "x");
}

}  // namespace
}  // namespace chartmuseum::storage

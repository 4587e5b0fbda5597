// SPDX-License-Identifier: Apache-2.0
#include "http/tls_renewal.hpp"

#include "unit/http/test_server.hpp"
#include "unit/http/tls_files.hpp"

#include <gmock/gmock.h>

namespace chartmuseum::http::test {
namespace {

using chartmuseum::test::Authority;
using testing::HasSubstr;

class TlsRenewal : public testing::Test {
 protected:
  TlsRenewal() {
    files_.write(authority_.issue());
    EXPECT_TRUE(context_.load());
  }

  /// As often as it takes for a change to have settled.
  void look() {
    context_.reload_if_changed();
    context_.reload_if_changed();
  }

  Authority authority_{"Test Authority"};
  TlsFiles files_;
  LogLines log_;
  RenewedTlsContext context_{files_.settings(), log_.log()};
};

TEST_F(TlsRenewal, leaves_everything_as_it_is_while_nothing_changes) {
  const auto before = context_.current();
  look();
  EXPECT_EQ(context_.current(), before);
  EXPECT_TRUE(log_.lines().empty());
}

TEST_F(TlsRenewal, follows_files_that_are_replaced) {
  const auto before = context_.current();
  files_.write(authority_.issue());
  look();
  EXPECT_NE(context_.current(), before);
  EXPECT_NE(log_.waited_for("Reloaded the TLS files"), "");
}

TEST_F(TlsRenewal, follows_a_link_that_is_turned) {  // as Kubernetes updates what it mounts
  namespace fs = std::filesystem;
  for (const char* version : {"1", "2"}) {
    fs::create_directory(files_.path(version));
    const auto identity = authority_.issue();
    files_.write(std::string(version) + "/tls.crt", identity.certificate);
    files_.write(std::string(version) + "/tls.key", identity.key);
  }
  fs::create_symlink("1", files_.path("data"));
  TlsSettings settings;
  settings.certificate = files_.path("data/tls.crt");
  settings.key = files_.path("data/tls.key");
  RenewedTlsContext mounted(settings, log_.log());
  ASSERT_TRUE(mounted.load());
  const auto before = mounted.current();
  fs::create_symlink("2", files_.path("data.new"));
  fs::rename(files_.path("data.new"), files_.path("data"));
  mounted.reload_if_changed();
  mounted.reload_if_changed();
  EXPECT_NE(mounted.current(), before);
}

TEST_F(TlsRenewal, waits_for_the_second_of_two_files) {
  const auto before = context_.current();
  const auto identity = authority_.issue();
  files_.write("tls.crt", identity.certificate);
  context_.reload_if_changed();
  files_.write("tls.key", identity.key);
  look();
  EXPECT_NE(context_.current(), before);
  EXPECT_EQ(log_.lines().size(), 1U) << "no complaint about a certificate without its key";
}

TEST_F(TlsRenewal, keeps_what_it_has_while_the_files_are_broken_and_complains_once) {
  const auto before = context_.current();
  const auto identity = authority_.issue();
  files_.write("tls.crt", identity.certificate);
  look();
  look();
  EXPECT_EQ(context_.current(), before);
  ASSERT_EQ(log_.lines().size(), 1U);
  EXPECT_THAT(log_.lines()[0], HasSubstr(files_.path("tls.key").string()));
  files_.write("tls.key", identity.key);
  look();
  EXPECT_NE(context_.current(), before);
}

TEST_F(TlsRenewal, keeps_what_it_has_while_a_file_is_missing) {
  const auto before = context_.current();
  std::filesystem::remove(files_.path("tls.crt"));
  look();
  EXPECT_EQ(context_.current(), before);
  EXPECT_THAT(log_.waited_for("the old ones stay in force"), HasSubstr("No such file"));
}

TEST_F(TlsRenewal, reads_the_files_again_when_told_to) {
  const auto before = context_.current();
  context_.reload();
  EXPECT_NE(context_.current(), before);
  look();
  EXPECT_EQ(log_.lines().size(), 1U);
}

TEST_F(TlsRenewal, says_when_the_certificate_is_outside_its_time) {
  files_.write(
      authority_.issue({.begins_in = -std::chrono::hours(2), .ends_in = -std::chrono::hours(1)}));
  look();
  EXPECT_THAT(log_.waited_for("Clients will refuse"), HasSubstr("has expired"));
}

}  // namespace
}  // namespace chartmuseum::http::test

// SPDX-License-Identifier: Apache-2.0
#include "http/pem_files.hpp"

#include "http/tls_context.hpp"
#include "unit/http/tls_files.hpp"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <sys/stat.h>

namespace chartmuseum::http::test {
namespace {

using chartmuseum::test::Authority;
using chartmuseum::test::encrypted_key;
using chartmuseum::test::Identity;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class PemFiles : public testing::Test {
 protected:
  PemFiles() { files_.write(identity_); }

  /// Why the files cannot be used; "" if they can.
  [[nodiscard]] std::string problem(bool mutual = false) const {
    const auto context = TlsContext::load(files_.settings(mutual));
    return context ? "" : context.error();
  }
  [[nodiscard]] std::string path(std::string_view name) const { return files_.path(name).string(); }

  Authority authority_{"Test Authority"};
  Identity identity_ = authority_.issue();
  TlsFiles files_;
};

TEST_F(PemFiles, are_taken_as_they_are_usually_written) {
  EXPECT_EQ(problem(), "");
  files_.write("tls.crt", "# a comment\r\n" + identity_.certificate + authority_.certificate());
  files_.write("tls.key", "Bag Attributes\n    localKeyID: 1\n" + identity_.key);
  EXPECT_EQ(problem(), "");
  EXPECT_EQ(read_certificates(files_.path("tls.crt"))->size(), 2U);
}

TEST_F(PemFiles, may_hold_certificate_and_key_in_one) {
  files_.write("tls.crt", identity_.key + identity_.certificate);
  files_.write("tls.key", identity_.key + identity_.certificate);
  EXPECT_EQ(problem(), "");
}

TEST_F(PemFiles, that_are_not_there_are_named) {
  std::filesystem::remove(files_.path("tls.crt"));
  EXPECT_EQ(problem(), path("tls.crt") + ": No such file or directory");
  files_.write("tls.crt", identity_.certificate);
  std::filesystem::remove(files_.path("tls.key"));
  EXPECT_EQ(problem(), path("tls.key") + ": No such file or directory");
  EXPECT_EQ(read_authorities(files_.path("ca.crt")).error(),
            path("ca.crt") + ": No such file or directory");
}

TEST_F(PemFiles, that_are_no_files_are_refused_at_once) {
  std::filesystem::remove(files_.path("tls.crt"));
  ASSERT_EQ(::mkfifo(files_.path("tls.crt").c_str(), 0600), 0);
  EXPECT_THAT(problem(), StartsWith(path("tls.crt") + ": "));
  std::filesystem::remove(files_.path("tls.crt"));
  std::filesystem::create_directory(files_.path("tls.crt"));
  EXPECT_THAT(problem(), StartsWith(path("tls.crt") + ": "));
}

TEST_F(PemFiles, without_what_they_should_hold_are_refused) {
  for (const char* text : {"", "hello\n", "-----BEGIN CERTIFICATE-----\n"}) {
    files_.write("tls.crt", text);
    EXPECT_THAT(problem(), AllOf(StartsWith(path("tls.crt")), HasSubstr("certificate"))) << text;
  }
  files_.write("tls.crt", identity_.certificate);
  for (const char* text : {"", "hello\n", "-----BEGIN PRIVATE KEY-----\n"}) {
    files_.write("tls.key", text);
    EXPECT_THAT(problem(), AllOf(StartsWith(path("tls.key")), HasSubstr("private key"))) << text;
  }
}

TEST_F(PemFiles, that_are_swapped_are_recognised) {
  files_.write("tls.crt", identity_.key);
  EXPECT_EQ(problem(), path("tls.crt") +
                           ": holds a private key and no certificate; are the two files swapped?");
  files_.write("tls.crt", identity_.certificate);
  files_.write("tls.key", identity_.certificate);
  EXPECT_EQ(problem(), path("tls.key") +
                           ": holds a certificate and no private key; are the two files swapped?");
}

TEST_F(PemFiles, with_a_certificate_that_is_cut_are_refused) {
  files_.write("tls.crt", identity_.certificate + authority_.certificate().substr(0, 300));
  EXPECT_THAT(problem(), StartsWith(path("tls.crt") + ": certificate 2 cannot be read"));
  std::string damaged = identity_.certificate;
  damaged[100] = damaged[100] == '!' ? '?' : '!';
  files_.write("tls.crt", damaged);
  EXPECT_THAT(problem(), StartsWith(path("tls.crt") + ": certificate 1 cannot be read"));
}

TEST_F(PemFiles, with_another_certificates_key_are_refused) {
  files_.write("tls.key", authority_.issue().key);
  EXPECT_THAT(problem(), AllOf(StartsWith(path("tls.key") + ": is not the key of"),
                               HasSubstr(path("tls.crt"))));
  // The chain the wrong way round.
  files_.write("tls.crt", authority_.certificate() + identity_.certificate);
  files_.write("tls.key", identity_.key);
  EXPECT_THAT(problem(), HasSubstr("the server's own comes first there"));
}

TEST_F(PemFiles, with_an_encrypted_key_are_refused_with_what_to_do) {
  files_.write("tls.key", encrypted_key("secret-passphrase"));
  EXPECT_THAT(problem(), AllOf(StartsWith(path("tls.key") + ": the key is encrypted"),
                               HasSubstr("openssl pkey")));
}

TEST_F(PemFiles, never_have_their_text_in_an_error) {
  const std::string secret = identity_.key.substr(40, 40);
  files_.write("tls.crt", identity_.key);
  EXPECT_THAT(problem(), Not(HasSubstr(secret)));
  files_.write("tls.crt", identity_.certificate);
  files_.write("tls.key", identity_.key.substr(0, 100));
  EXPECT_THAT(problem(), AllOf(Not(""), Not(HasSubstr(secret.substr(0, 20)))));
}

TEST_F(PemFiles, of_authorities_hold_at_least_one) {
  files_.write("ca.crt", identity_.certificate);
  EXPECT_THAT(problem(true), StartsWith(path("ca.crt") + ": holds no certificate of an authority"));
  files_.write("ca.crt", identity_.certificate + authority_.certificate());
  EXPECT_EQ(problem(true), "");
  files_.write("ca.crt", "");
  EXPECT_THAT(problem(true), StartsWith(path("ca.crt") + ": holds no certificate"));
}

TEST_F(PemFiles, of_a_certificate_outside_its_time_are_taken_with_a_warning) {
  using std::chrono::hours;
  files_.write(authority_.issue({.begins_in = -hours(2), .ends_in = -hours(1)}));
  EXPECT_THAT((*TlsContext::load(files_.settings()))->warnings(),
              testing::ElementsAre("the certificate has expired"));
  files_.write(authority_.issue({.begins_in = hours(1), .ends_in = hours(2)}));
  EXPECT_THAT((*TlsContext::load(files_.settings()))->warnings(),
              testing::ElementsAre(StartsWith("the certificate is not valid yet")));
}

}  // namespace
}  // namespace chartmuseum::http::test

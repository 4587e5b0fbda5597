// SPDX-License-Identifier: Apache-2.0
#include "transport/url.hpp"

#include <gtest/gtest.h>

namespace chartmuseum::transport {
namespace {

TEST(RedactedUrl, has_neither_query_nor_fragment) {
  EXPECT_EQ(redacted("https://h/a/b?X-Amz-Signature=secret&a=b#c"), "https://h/a/b");
  EXPECT_EQ(redacted("https://h?sig=secret"), "https://h");
  EXPECT_EQ(redacted("https://h/a#secret?x"), "https://h/a");
}

TEST(RedactedUrl, has_no_user_information) {
  EXPECT_EQ(redacted("https://user:secret@h:8080/a"), "https://h:8080/a");
  EXPECT_EQ(redacted("https://secret@h"), "https://h");
  EXPECT_EQ(redacted("https://user:sec@ret@h/a"), "https://h/a");
}

TEST(RedactedUrl, drops_what_may_be_a_password_also_where_the_url_is_none) {
  EXPECT_EQ(redacted("https://user:sec/ret@h/a"), "https://h/a");
  EXPECT_EQ(redacted("user:secret@h/a"), "h/a");
  EXPECT_EQ(redacted("://user:secret@h"), "://h");
}

TEST(RedactedUrl, leaves_paths_and_ports_as_they_are) {
  EXPECT_EQ(redacted("http://h:80/a@b/c%2Fd//../e"), "http://h:80/a@b/c%2Fd//../e");
  EXPECT_EQ(redacted("http://[::1]:80/a@b"), "http://[::1]:80/a@b");
  EXPECT_EQ(redacted("http://[::1]/a"), "http://[::1]/a");
}

TEST(RedactedUrl, starts_no_new_line_in_a_log) {
  EXPECT_EQ(redacted("http://h/a\r\nb"), "http://h/a??b");
}

TEST(Scheme, has_no_letter_case) {
  EXPECT_TRUE(has_scheme("HTTPS://h", "https"));
  EXPECT_FALSE(has_scheme("https://h", "http"));
  EXPECT_FALSE(has_scheme("http:h", "http"));
}

}  // namespace
}  // namespace chartmuseum::transport

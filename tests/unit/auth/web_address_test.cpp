// SPDX-License-Identifier: Apache-2.0
#include "auth/web_address.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chartmuseum::auth {
namespace {

TEST(WebAddress, knows_whether_it_is_asked_with_tls) {
  EXPECT_TRUE(WebAddress::read("https://login.example.com/realm?x=1")->https);
  EXPECT_TRUE(WebAddress::read("https://login.example.com?x=1")->query);
  EXPECT_FALSE(WebAddress::read("http://login.example.com:8080")->https);
  EXPECT_FALSE(WebAddress::read("http://login.example.com:8080")->query);
}

TEST(WebAddress, knows_whether_it_is_this_machine) {
  for (const char* url : {"http://localhost", "http://localhost:80/x", "http://127.0.0.1:9",
                          "http://127.8.7.6/", "http://[::1]", "http://[::1]:80/x"}) {
    EXPECT_TRUE(WebAddress::read(url).value().loopback) << url;
  }
  for (const char* url :
       {"http://localhost.example.com", "http://127.0.0.1.example.com", "http://example.com",
        "http://[::2]", "http://10.0.0.1", "http://example.com/localhost", "http://0x7f.1"}) {
    EXPECT_FALSE(WebAddress::read(url).value().loopback) << url;
  }
}

TEST(WebAddress, is_no_url_that_looks_like_what_it_is_not) {
  for (const char* url : {"",
                          "https",
                          "https://",
                          "https:///x",
                          "https://:443",
                          "ftp://example.com",
                          "//example.com",
                          "example.com",
                          "HTTPS//x",
                          "file:///etc/passwd",
                          "https://user@example.com",
                          "https://user:secret@example.com",
                          "https://example.com#x",
                          "https://exa mple.com",
                          "https://example.com\r\nHost: x",
                          "https://ex\xc3\xa4mple.com",
                          "https://example.com\\@x",
                          "https://example.com:",
                          "https://example.com:x",
                          "https://example.com:123456",
                          "https://[::1",
                          "https://[::1]x",
                          "https://[]",
                          " https://example.com"}) {
    EXPECT_FALSE(WebAddress::read(url)) << url;
  }
  EXPECT_FALSE(WebAddress::read("https://" + std::string(3000, 'a')));
}

}  // namespace
}  // namespace chartmuseum::auth

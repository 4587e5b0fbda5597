// SPDX-License-Identifier: Apache-2.0
#include "transport/proxies.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace chartmuseum::transport {
namespace {

Proxies with(const std::map<std::string, std::string, std::less<>>& environment) {
  return Proxies::from([&](std::string_view name) {
    const auto found = environment.find(name);
    return found != environment.end() ? found->second : std::string();
  });
}

TEST(Proxies, are_none_by_default) {
  EXPECT_EQ(with({}).proxy_for("http://h/"), "");
  EXPECT_EQ(with({}).proxy_for("https://h/"), "");
}

TEST(Proxies, are_named_for_each_scheme_in_either_case) {
  const Proxies proxies = with({{"HTTP_PROXY", "http://a:1"}, {"https_proxy", "http://b:2"}});
  EXPECT_EQ(proxies.proxy_for("http://h/"), "http://a:1");
  EXPECT_EQ(proxies.proxy_for("HTTPS://h/"), "http://b:2");
}

TEST(Proxies, may_be_one_for_all) {
  const Proxies proxies = with({{"ALL_PROXY", "http://a:1"}, {"HTTPS_PROXY", "http://b:2"}});
  EXPECT_EQ(proxies.http, "http://a:1");
  EXPECT_EQ(proxies.https, "http://b:2");
}

TEST(Proxies, do_not_come_from_a_request_to_a_cgi) {
  EXPECT_EQ(with({{"REQUEST_METHOD", "GET"}, {"HTTP_PROXY", "http://evil"}}).http, "");
  EXPECT_EQ(with({{"REQUEST_METHOD", "GET"}, {"http_proxy", "http://a"}}).http, "http://a");
}

TEST(Proxies, are_never_asked_for_this_machine) {
  EXPECT_EQ(with({}).except, "localhost,127.0.0.0/8,::1");
  EXPECT_EQ(with({{"NO_PROXY", ".internal,10.0.0.0/8"}}).except,
            ".internal,10.0.0.0/8,localhost,127.0.0.0/8,::1");
  EXPECT_EQ(with({{"no_proxy", "*"}}).except, "*");
}

}  // namespace
}  // namespace chartmuseum::transport

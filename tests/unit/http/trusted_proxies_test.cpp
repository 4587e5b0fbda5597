// SPDX-License-Identifier: Apache-2.0
#include "http/trusted_proxies.hpp"

#include <gmock/gmock.h>

namespace chartmuseum::http {
namespace {

bool trusts(std::string_view list, const char* address) {
  const auto proxies = TrustedProxies::parse(list);
  return proxies && proxies->contains(boost::asio::ip::make_address(address));
}

TEST(TrustedProxies, are_none_by_default) {
  EXPECT_TRUE(TrustedProxies::parse("")->empty());
  EXPECT_TRUE(TrustedProxies::parse(" , ")->empty());
  EXPECT_FALSE(trusts("", "127.0.0.1"));
}

TEST(TrustedProxies, are_addresses_and_networks) {
  const std::string_view list = "192.0.2.1, 10.0.0.0/8,172.16.0.0/12 fd00::/8 2001:db8::5";
  for (const char* inside : {"192.0.2.1", "10.0.0.0", "10.255.255.255", "172.31.255.255", "fd12::1",
                             "2001:db8::5", "::ffff:10.1.2.3"}) {
    EXPECT_TRUE(trusts(list, inside)) << inside;
  }
  for (const char* outside :
       {"192.0.2.2", "11.0.0.0", "172.32.0.0", "fe00::1", "2001:db8::6", "::ffff:11.0.0.1", "::"}) {
    EXPECT_FALSE(trusts(list, outside)) << outside;
  }
}

TEST(TrustedProxies, may_be_everybody) {
  EXPECT_TRUE(trusts("0.0.0.0/0", "203.0.113.7"));
  EXPECT_FALSE(trusts("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(trusts("::/0", "203.0.113.7"));
  EXPECT_TRUE(trusts("::/0", "2001:db8::1"));
}

TEST(TrustedProxies, are_refused_where_they_cannot_be_meant) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"ingress", "is no address"},          {"10.0.0.0/33", "prefix length from 0 to 32"},
      {"fd00::/129", "from 0 to 128"},       {"10.0.0.0/", "prefix length"},
      {"10.0.0.0/-1", "prefix length"},      {"10.0.0.0/8x", "prefix length"},
      {"10.0.1.0/8", "behind its prefix"},   {"fd00::1/8", "behind its prefix"},
      {"10.0.0", "is no address"},           {"/8", "is no address"},
      {"10.0.0.1;10.0.0.2", "is no address"}};
  for (const auto& [part, reason] : cases) {
    const auto refused = TrustedProxies::parse("192.0.2.1, " + std::string(part));
    ASSERT_FALSE(refused) << part;
    EXPECT_EQ(refused.error().part, part);
    EXPECT_THAT(refused.error().reason, testing::HasSubstr(reason)) << part;
  }
}

}  // namespace
}  // namespace chartmuseum::http

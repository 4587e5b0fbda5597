// SPDX-License-Identifier: Apache-2.0
#include "http/client_address.hpp"

#include <gtest/gtest.h>

namespace chartmuseum::http {
namespace {

std::string text_of(const char* address) {
  return client_address(boost::asio::ip::make_address(address));
}

TEST(ClientAddress, is_the_plain_address) {
  EXPECT_EQ(text_of("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(text_of("2001:db8::1"), "2001:db8::1");
}

TEST(ClientAddress, of_a_mapped_address_is_the_ipv4_one) {
  EXPECT_EQ(text_of("::ffff:192.0.2.1"), "192.0.2.1");
}

TEST(ClientAddress, has_no_zone) {
  EXPECT_EQ(text_of("fe80::1%1"), "fe80::1");
}

class ForwardedClientAddress : public testing::Test {
 protected:
  [[nodiscard]] std::string client(const char* peer = "10.0.0.9") const {
    const auto trusted = TrustedProxies::parse("10.0.0.0/8, 2001:db8::/32");
    return client_address(
        forwarded_client_address(request_, boost::asio::ip::make_address(peer), *trusted));
  }
  void says(const char* forwarded) { request_.add("X-Forwarded-For", forwarded); }

  Headers request_;
};

TEST_F(ForwardedClientAddress, is_the_peer_unless_that_is_trusted) {
  says("192.0.2.1");
  EXPECT_EQ(client("192.0.2.9"), "192.0.2.9");
  EXPECT_EQ(client("10.0.0.9"), "192.0.2.1");
  EXPECT_EQ(client("::ffff:10.0.0.9"), "192.0.2.1");
  EXPECT_EQ(client("2001:db8::1"), "192.0.2.1");
}

TEST_F(ForwardedClientAddress, is_the_rightmost_that_is_not_trusted) {
  says("198.51.100.1, 192.0.2.1, 10.0.0.2, 10.0.0.1");
  EXPECT_EQ(client(), "192.0.2.1");
}

TEST_F(ForwardedClientAddress, is_found_in_several_fields_as_in_one) {
  says("198.51.100.1");
  says("192.0.2.1");
  says("10.0.0.1");
  EXPECT_EQ(client(), "192.0.2.1");
}

TEST_F(ForwardedClientAddress, is_the_first_sender_where_all_are_trusted) {
  says("10.0.0.3,10.0.0.2");
  EXPECT_EQ(client(), "10.0.0.3");
}

TEST_F(ForwardedClientAddress, is_the_last_that_is_known_before_what_is_no_address) {
  says("192.0.2.1, nonsense, 10.0.0.2");
  EXPECT_EQ(client(), "10.0.0.2");
  says("");
  EXPECT_EQ(client(), "10.0.0.9");
}

TEST_F(ForwardedClientAddress, cannot_be_hidden_by_a_quote) {
  says("\"192.0.2.8, 192.0.2.1");
  EXPECT_EQ(client(), "192.0.2.1");
}

TEST_F(ForwardedClientAddress, may_come_with_a_port) {
  says("192.0.2.1:443");
  EXPECT_EQ(client(), "192.0.2.1");
  says("[2001:db9::1]:443");
  EXPECT_EQ(client(), "2001:db9::1");
  says("[2001:db9::2]");
  EXPECT_EQ(client(), "2001:db9::2");
  says("2001:db9::3");
  EXPECT_EQ(client(), "2001:db9::3");
}

TEST_F(ForwardedClientAddress, is_the_real_ip_only_without_a_list) {
  request_.add("X-Real-IP", "192.0.2.2");
  EXPECT_EQ(client(), "192.0.2.2");
  EXPECT_EQ(client("192.0.2.9"), "192.0.2.9");
  says("192.0.2.1");
  EXPECT_EQ(client(), "192.0.2.1");
}

}  // namespace
}  // namespace chartmuseum::http

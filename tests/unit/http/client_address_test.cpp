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

TEST(ClaimedClientAddress, is_the_first_one_forwarded) {
  Headers request;
  EXPECT_EQ(claimed_client_address(request, "192.0.2.9"), "192.0.2.9");
  request.add("X-Real-IP", "192.0.2.2");
  EXPECT_EQ(claimed_client_address(request, "192.0.2.9"), "192.0.2.2");
  request.add("X-Forwarded-For", "192.0.2.1, 10.0.0.1");
  EXPECT_EQ(claimed_client_address(request, "192.0.2.9"), "192.0.2.1");
}

TEST(ClaimedClientAddress, ignores_what_is_no_address) {
  Headers request;
  request.add("X-Forwarded-For", "192.0.2.1, nonsense");
  request.add("X-Real-Ip", "\" onclick=");
  EXPECT_EQ(claimed_client_address(request, "192.0.2.9"), "192.0.2.9");
}

}  // namespace
}  // namespace chartmuseum::http

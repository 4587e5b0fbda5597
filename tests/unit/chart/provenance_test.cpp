// SPDX-License-Identifier: Apache-2.0
#include "chart/provenance.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace chartmuseum::chart {
namespace {

constexpr std::string_view kBegin = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n";

std::string file_name(const std::string& text) {
  const auto name = provenance_file_name(text);
  return name ? *name : name.error().message;
}

std::string signed_text(std::string_view text) {
  return std::string(kBegin).append(text);
}

TEST(Provenance, is_named_after_the_chart_that_it_signs) {
  EXPECT_EQ(file_name(signed_text("apiVersion: v2\nname: demo\nversion: 1.0.0+b\n\n...\nfiles:\n")),
            "demo-1.0.0+b.tgz.prov");
  EXPECT_EQ(file_name(signed_text("\nversion: 1.0.0\nname: demo")), "demo-1.0.0.tgz.prov");
}

TEST(Provenance, takes_CRLF_line_ends) {
  EXPECT_EQ(file_name(signed_text("\r\nname: demo\r\nversion: 1.0.0\r\n")), "demo-1.0.0.tgz.prov");
}

TEST(Provenance, takes_the_first_line_that_says_something) {
  EXPECT_EQ(file_name(signed_text("\nname: \nname:\nname: one\nname: two\nversion:*1\n")),
            "one-1.tgz.prov");
  EXPECT_EQ(file_name(signed_text("\n- name: maintainer\nname:  demo\nversion: 1 \n")),
            " demo-1 .tgz.prov");
}

TEST(Provenance, refuses_anything_else) {
  constexpr std::string_view kInvalid = "invalid provenance file";
  EXPECT_EQ(file_name(""), kInvalid);
  EXPECT_EQ(file_name("\nname: demo\nversion: 1.0.0\n"), kInvalid);
  EXPECT_EQ(file_name(" " + signed_text("\nname: demo\nversion: 1.0.0\n")), kInvalid);
  EXPECT_EQ(file_name(signed_text("\nname: demo\n")), kInvalid);
  EXPECT_EQ(file_name(signed_text("\nversion: 1.0.0\n")), kInvalid);
  EXPECT_EQ(file_name(signed_text("\nname:demo\nversion: 1.0.0\n")), kInvalid);
  EXPECT_EQ(file_name(signed_text("\nname: \r\nversion: 1.0.0\n")), kInvalid);
}

}  // namespace
}  // namespace chartmuseum::chart

// SPDX-License-Identifier: Apache-2.0
#include "options/checks.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace chartmuseum::options {
namespace {

TEST(ContextPath, is_brought_into_one_form) {
  const std::pair<std::string_view, std::string_view> cases[] = {{"", ""},
                                                                 {"/", ""},
                                                                 {"/x", "/x"},
                                                                 {"x", "/x"},
                                                                 {"/x/", "/x"},
                                                                 {"x/y", "/x/y"},
                                                                 {"/x/y/z/", "/x/y/z"},
                                                                 {"/a.b-c_d~", "/a.b-c_d~"},
                                                                 {"/..x", "/..x"},
                                                                 {"/charts@v1", "/charts@v1"}};
  for (const auto& [path, wanted] : cases) EXPECT_EQ(normalise_context_path(path), wanted) << path;
}

TEST(ContextPath, is_refused_when_no_request_could_match_it) {
  for (const std::string_view path :
       {"//", "//x", "/x//y", "/x//", "/.", "/..", "/x/../y", "/x/./y", "/x y", "/x?y", "/x#y",
        "/%20", "/x\\y", "/x\ny", "/<x>", "/\"x\""}) {
    EXPECT_EQ(normalise_context_path(path), std::nullopt) << path;
  }
}

TEST(ChartUrl, loses_its_trailing_slashes) {
  EXPECT_EQ(normalise_chart_url("https://example.com"), "https://example.com");
  EXPECT_EQ(normalise_chart_url("https://example.com/"), "https://example.com");
  EXPECT_EQ(normalise_chart_url("http://localhost:8080/a/b//"), "http://localhost:8080/a/b");
  EXPECT_EQ(normalise_chart_url("HTTPS://[::1]:8080"), "HTTPS://[::1]:8080");
  EXPECT_EQ(normalise_chart_url("https://example.com/%7Eme"), "https://example.com/%7Eme");
}

TEST(ChartUrl, is_refused_when_nothing_can_be_below_it) {
  for (const std::string_view url :
       {"", "/", "example.com", "/charts", "//example.com", "ftp://example.com", "https://",
        "https:///x", "https://:8080", "https:/example.com", "https://example.com/?a=b",
        "https://example.com/#top", "https://exa mple.com", "https://example.com/\n",
        "javascript:alert(1)"}) {
    EXPECT_EQ(normalise_chart_url(url), std::nullopt) << url;
  }
}

}  // namespace
}  // namespace chartmuseum::options

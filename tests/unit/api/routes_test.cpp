// SPDX-License-Identifier: Apache-2.0
#include "api/routes.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace chartmuseum::api {
namespace {

using http::Method;

TEST(Routes, ask_for_push_or_delete_wherever_something_is_changed_and_for_pull_for_all_reads) {
  const std::set<std::string_view> open_to_all{"/info", "/health"};
  for (const Route& route : all_routes()) {
    std::optional<auth::Action> expected = auth::Action::pull;
    if (route.method == Method::post) expected = auth::Action::push;
    if (route.method == Method::delete_) expected = auth::Action::delete_;
    if (open_to_all.contains(route.pattern)) expected = std::nullopt;
    EXPECT_EQ(route.action, expected) << route.pattern;
  }
}

TEST(Routes, stand_in_the_table_once) {
  std::set<std::pair<Method, std::string_view>> seen;
  for (const Route& route : all_routes()) {
    EXPECT_TRUE(seen.emplace(route.method, route.pattern).second) << route.pattern;
  }
}

TEST(Routes, depend_on_the_api_being_enabled_when_they_begin_with_it) {
  for (const Route& route : all_routes()) {
    const bool of_api = route.availability == Availability::with_api ||
                        route.availability == Availability::with_deletion;
    EXPECT_EQ(of_api, route.pattern.starts_with("/api/")) << route.pattern;
  }
}

}  // namespace
}  // namespace chartmuseum::api

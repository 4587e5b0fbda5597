// SPDX-License-Identifier: Apache-2.0
// What all stores behind HTTP make of answers, whatever the vendor.
#include "unit/storage/remote/remote_fixture.hpp"

#include <gmock/gmock.h>

namespace chartmuseum::storage {
namespace {

using namespace test;  // NOLINT: a test's own helpers
using testing::ElementsAre;
using transport::test::ok;

TEST_F(RemoteStoreTest, asks_for_keys_below_its_prefix) {
  serve([](const ReceivedRequest&) { return ok("bytes", "ETag: \"1\"\r\n"); });
  const auto object = run_task(store_->get("team/a b.tgz", 100));
  ASSERT_TRUE(object && *object);
  EXPECT_EQ((*object)->bytes, "bytes");
  EXPECT_EQ((*object)->info.name, "a b.tgz");
  EXPECT_EQ((*object)->info.size, 5U);
  EXPECT_THAT(requests(), ElementsAre("GET /pre/fix/team/a%20b.tgz"));
}

TEST_F(RemoteStoreTest, tells_absent_from_denied_from_throttled_from_unavailable) {
  std::string answer;
  serve([&answer](const ReceivedRequest&) { return answer; });
  const auto outcome_of = [&](const std::string& with) {
    answer = with;
    return get("x") + " " + open("x") + " " + kind_of(run_task(store_->stat("x")));
  };
  EXPECT_EQ(outcome_of(status("404 Not Found")), "absent absent done");
  EXPECT_EQ(outcome_of(status("403 Forbidden")), "denied denied denied");
  EXPECT_EQ(outcome_of(status("429 Too Many Requests")), "throttled throttled throttled");
  EXPECT_EQ(outcome_of(status("500 Internal Server Error")), "unavailable unavailable unavailable");
}

TEST_F(RemoteStoreTest, refuses_keys_that_are_none_without_asking) {
  serve([](const ReceivedRequest&) { return ok("bytes"); });
  for (const char* key : {"", "/x", "a/../b", "a//b", "."}) {
    EXPECT_EQ(get(key), "invalid") << key;
    EXPECT_EQ(open(key), "invalid") << key;
    EXPECT_EQ(kind_of(run_task(store_->stat(key))), "invalid") << key;
    EXPECT_EQ(kind_of(run_task(store_->remove(key))), "invalid") << key;
    EXPECT_EQ(kind_of(run_task(store_->put(key, std::string_view(), PutCondition::overwrite))),
              "invalid");
  }
  EXPECT_EQ(kind_of(run_task(store_->list("a/../b"))), "invalid");
  EXPECT_TRUE(requests().empty());
}

TEST_F(RemoteStoreTest, does_not_read_more_than_the_limit) {
  serve([](const ReceivedRequest&) { return ok(std::string(200'000, 'x')); });
  EXPECT_EQ(get("x", 100), "invalid");
  EXPECT_EQ(get("x", 199'999), "invalid");
  EXPECT_EQ(get("x", 200'000).size(), 200'000U);
}

TEST_F(RemoteStoreTest, asks_again_for_bytes_that_are_not_what_was_stored) {
  int asked = 0;
  const std::string sum = "X-Sum: " + Digest::of("right").hex() + "\r\n";
  serve([&](const ReceivedRequest&) { return ok(++asked == 1 ? "wrong" : "right", sum); });
  EXPECT_EQ(get("x"), "right");
  EXPECT_EQ(asked, 2);
}

TEST_F(RemoteStoreTest, never_hands_out_bytes_that_are_not_what_was_stored) {
  const std::string sum = "X-Sum: " + Digest::of("right").hex() + "\r\n";
  serve([&](const ReceivedRequest&) { return ok("wrong", sum); });
  EXPECT_EQ(get("x"), "unavailable");
  EXPECT_EQ(open("x"), "|unavailable");  // which whoever reads it must not take for the end
}

TEST_F(RemoteStoreTest, an_empty_body_is_checked_too) {
  const std::string sum = "X-Sum: " + Digest::of("right").hex() + "\r\n";
  serve([&](const ReceivedRequest&) { return ok("", sum); });
  EXPECT_EQ(open("x"), "|unavailable");
}

TEST_F(RemoteStoreTest, reads_the_beginning_and_the_digest_of_the_whole) {
  serve([](const ReceivedRequest& request) {
    EXPECT_EQ(request.header("range"), "bytes=0-3");
    return status("206 Partial Content", "abcd",
                  "Content-Range: bytes 0-3/26\r\nX-Id: 1.told\r\nX-Digest: " +
                      Digest::of("all").hex() + "\r\n");
  });
  const auto start = run_task(store_->get_start("x", 4));
  ASSERT_TRUE(start && *start);
  EXPECT_EQ((*start)->bytes, "abcd");
  EXPECT_EQ((*start)->info.size, 26U);
  EXPECT_EQ((*start)->digest, Digest::of("all"));
}

TEST_F(RemoteStoreTest, tells_no_digest_for_which_nobody_vouched) {
  std::string id;
  serve([&id](const ReceivedRequest& request) {
    if (request.line.starts_with("PUT")) id = request.header("x-id");
    return ok("bytes", "X-Id: " + id + "\r\nX-Digest: " + Digest::of("bytes").hex() + "\r\n");
  });
  const auto digest_after = [this](std::optional<Digest> told) {
    Content content("bytes");
    content.set_digest(told);
    EXPECT_TRUE(run_task(store_->put("x", content, PutCondition::overwrite)));
    const auto start = run_task(store_->get_start("x", 4));
    return start && *start ? (*start)->digest : std::nullopt;
  };
  EXPECT_EQ(digest_after(std::nullopt), std::nullopt);
  EXPECT_EQ(digest_after(Digest::of("bytes")), Digest::of("bytes"));
}

TEST_F(RemoteStoreTest, takes_the_whole_for_the_beginning_where_there_are_no_ranges) {
  serve([](const ReceivedRequest&) { return ok("abc"); });
  const auto start = run_task(store_->get_start("x", 4));
  ASSERT_TRUE(start && *start);
  EXPECT_EQ((*start)->bytes, "abc");
  EXPECT_EQ((*start)->digest, std::nullopt);
}

TEST_F(RemoteStoreTest, the_beginning_of_an_empty_object_is_empty) {
  serve([](const ReceivedRequest& request) {
    return request.header("range") == "(none)" ? ok("") : status("416 Range Not Satisfiable");
  });
  const auto start = run_task(store_->get_start("x", 4));
  ASSERT_TRUE(start && *start);
  EXPECT_EQ((*start)->bytes, "");
}

TEST_F(RemoteStoreTest, stores_with_content_type_and_digest) {
  serve([](const ReceivedRequest& request) {
    EXPECT_EQ(request.body, "bytes");
    EXPECT_EQ(request.header("x-digest"), Digest::of("bytes").hex());
    EXPECT_EQ(request.header("content-type"), "application/x-tar");
    return ok("");
  });
  const std::string bytes = "bytes";
  const auto stored = run_task(store_->put("t/x.tgz", bytes, PutCondition::create_only));
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->name, "x.tgz");
}

TEST_F(RemoteStoreTest, an_upload_that_met_its_own_lost_answer_has_succeeded) {
  std::string id;
  serve([&id](const ReceivedRequest& request) {
    if (request.line.starts_with("HEAD")) {
      return status("200 OK", "", "ETag: \"7\"\r\nX-Id: " + id + "\r\n");
    }
    if (!id.empty()) return status("412 Precondition Failed");
    id = request.header("x-id");
    return status("500 Internal Server Error");  // and yet it is stored
  });
  const std::string bytes = "bytes";
  const auto stored = run_task(store_->put("x.tgz", bytes, PutCondition::create_only));
  ASSERT_TRUE(stored) << stored.error().detail;
  EXPECT_EQ(stored->etag, "\"7\"");
}

TEST_F(RemoteStoreTest, an_upload_that_somebody_else_won_is_a_conflict) {
  serve([](const ReceivedRequest& request) {
    if (request.line.starts_with("HEAD")) return status("200 OK", "", "X-Id: another\r\n");
    return status("412 Precondition Failed");
  });
  const std::string bytes = "bytes";
  EXPECT_EQ(kind_of(run_task(store_->put("x.tgz", bytes, PutCondition::create_only))), "conflict");
}

TEST_F(RemoteStoreTest, removes_what_is_there) {
  serve([](const ReceivedRequest& request) {
    return request.line.starts_with("HEAD") ? status("200 OK") : "HTTP/1.1 204 No Content\r\n\r\n";
  });
  EXPECT_EQ(run_task(store_->remove("x")), true);
  EXPECT_THAT(requests(), ElementsAre("HEAD /pre/fix/x", "DELETE /pre/fix/x"));
}

TEST_F(RemoteStoreTest, a_removal_whose_answer_was_lost_has_removed) {
  bool there = true;
  serve([&there](const ReceivedRequest& request) {
    if (request.line.starts_with("HEAD")) return status("200 OK");
    if (!there) return status("404 Not Found");
    there = false;
    return status("503 Service Unavailable");
  });
  EXPECT_EQ(run_task(store_->remove("x")), true);
}

TEST_F(RemoteStoreTest, does_not_remove_what_is_absent) {
  serve([](const ReceivedRequest&) { return status("404 Not Found"); });
  EXPECT_EQ(run_task(store_->remove("x")), false);
  EXPECT_THAT(requests(), ElementsAre("HEAD /pre/fix/x"));
}

TEST_F(RemoteStoreTest, asks_a_second_time_where_an_answer_does_not_say_what_is_missing) {
  serve([](const ReceivedRequest& request) {
    return request.line.starts_with("HEAD") ? "HTTP/1.1 404 Not Found\r\n\r\n"
                                            : status("404 Not Found", "no bucket");
  });
  protocol_->hides_reason = true;
  EXPECT_EQ(kind_of(run_task(store_->stat("x"))), "denied");
}

TEST_F(RemoteStoreTest, asks_no_second_time_where_the_service_is_out_of_order) {
  serve(
      [](const ReceivedRequest&) { return "HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\n\r\n"; });
  protocol_->hides_reason = true;
  EXPECT_EQ(kind_of(run_task(store_->stat("x"))), "unavailable");
  EXPECT_THAT(requests(), testing::Each("HEAD /pre/fix/x"));
}

TEST_F(RemoteStoreTest, lists_folders_and_leaves_out_what_cannot_be_named) {
  serve([](const ReceivedRequest&) { return ok(""); });
  const auto objects = run_task(store_->list("team"));
  ASSERT_TRUE(objects);
  ASSERT_EQ(objects->size(), 1U);
  EXPECT_EQ(objects->front().name, "x.tgz");
  EXPECT_EQ(protocol_->listed_prefix, "pre/fix/team/");
  ASSERT_TRUE(run_task(store_->list("")));
  EXPECT_EQ(protocol_->listed_prefix, "pre/fix/");
}

}  // namespace
}  // namespace chartmuseum::storage

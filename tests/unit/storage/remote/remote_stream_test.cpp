// SPDX-License-Identifier: Apache-2.0
// Downloads that break off: they go on, or they end as broken, and are never short.
#include "unit/storage/remote/remote_fixture.hpp"

#include <gmock/gmock.h>

namespace chartmuseum::storage {
namespace {

using namespace test;  // NOLINT: a test's own helpers
using transport::test::ok;

/// Announces ten bytes and sends these.
void send_some_of_ten(ServerConnection& connection, const std::string& bytes) {
  connection.send("HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 10\r\n\r\n" + bytes);
}

class BrokenDownload : public RemoteStoreTest {
 protected:
  /// The first request's answer breaks off after four bytes; the others' are these.
  void break_and_then(std::function<std::string(const ReceivedRequest&)> answer) {
    serve_connections([this, answer = std::move(answer)](ServerConnection& connection) {
      while (const auto request = connection.request()) {
        if (request_++ == 0) {
          send_some_of_ten(connection, "0123");
          return;
        }
        connection.send(answer(*request));
      }
    });
  }

 private:
  std::atomic<int> request_ = 0;
};

TEST_F(BrokenDownload, goes_on_where_it_was) {
  break_and_then([](const ReceivedRequest& request) {
    EXPECT_EQ(request.header("range"), "bytes=4-");
    EXPECT_EQ(request.header("if-match"), "\"1\"");
    return status("206 Partial Content", "456789", "Content-Range: bytes 4-9/10\r\n");
  });
  EXPECT_EQ(open("x"), "0123456789");
}

TEST_F(BrokenDownload, of_a_beginning_begins_anew) {
  break_and_then([](const ReceivedRequest& request) {
    EXPECT_EQ(request.header("range"), "bytes=0-7");
    return status("206 Partial Content", "abcdefgh",
                  "Content-Range: bytes 0-7/9\r\nETag: \"2\"\r\n");
  });
  const auto start = run_task(store_->get_start("x", 8));
  ASSERT_TRUE(start && *start) << start.error().detail;
  EXPECT_EQ((*start)->bytes, "abcdefgh");
  EXPECT_EQ((*start)->info.etag, "\"2\"");
}

TEST_F(BrokenDownload, of_a_beginning_does_not_begin_for_ever) {
  serve_connections([](ServerConnection& connection) {
    connection.request();
    send_some_of_ten(connection, "0123");
  });
  EXPECT_EQ(kind_of(run_task(store_->get_start("x", 8))), "unavailable");
  EXPECT_EQ(server_->connections(), 3);
}

TEST_F(BrokenDownload, ends_as_broken_if_the_object_is_another_now) {
  break_and_then([](const ReceivedRequest&) { return status("412 Precondition Failed"); });
  EXPECT_EQ(open("x"), "0123|unavailable");
}

TEST_F(BrokenDownload, ends_as_broken_if_the_rest_is_another_part) {
  break_and_then([](const ReceivedRequest&) {
    return status("206 Partial Content", "56789", "Content-Range: bytes 5-9/10\r\n");
  });
  EXPECT_EQ(open("x"), "0123|unavailable");
}

TEST_F(BrokenDownload, ends_as_broken_if_the_whole_comes_instead_of_the_rest) {
  break_and_then([](const ReceivedRequest&) { return ok("0123456789"); });
  EXPECT_EQ(open("x"), "0123|unavailable");
}

TEST_F(BrokenDownload, gives_up_where_every_attempt_breaks) {
  std::atomic<int> attempts = 0;
  serve_connections([&attempts](ServerConnection& connection) {
    if (!connection.request()) return;
    if (++attempts == 1) {
      send_some_of_ten(connection, "0123");
    } else {
      connection.send(
          "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 4-9/10\r\nContent-Length: "
          "6\r\n\r\n");
    }
  });
  EXPECT_EQ(open("x"), "0123|unavailable");
  EXPECT_EQ(attempts, 4);
}

TEST_F(BrokenDownload, is_not_whole_because_the_answer_ended_well) {
  serve([](const ReceivedRequest& request) {
    if (request.header("range") != "(none)") return status("404 Not Found");
    // A length for us, and none for HTTP.
    return std::string(
        "HTTP/1.1 200 OK\r\nContent-Range: bytes 0-3/10\r\nTransfer-Encoding: chunked\r\n\r\n"
        "4\r\n0123\r\n0\r\n\r\n");
  });
  EXPECT_EQ(open("x"), "0123|unavailable");
}

TEST_F(BrokenDownload, is_read_again_from_the_beginning_where_it_is_wanted_whole) {
  int asked = 0;
  serve_connections([&asked](ServerConnection& connection) {
    while (connection.request()) {
      if (++asked == 1) {
        send_some_of_ten(connection, "0123");
        return;
      }
      send_some_of_ten(connection, "0123456789");
    }
  });
  EXPECT_EQ(get("x"), "0123456789");
}

}  // namespace
}  // namespace chartmuseum::storage

// SPDX-License-Identifier: Apache-2.0
#include "http/multipart.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace chartmuseum::http {
namespace {

/// A body that arrives in given pieces, and may fail at its end.
class Pieces final : public RequestBody {
 public:
  explicit Pieces(std::vector<std::string> pieces, std::optional<BodyFailure> failure = {})
      : pieces_(std::move(pieces)), failure_(failure) {}
  Task<std::expected<std::string_view, BodyFailure>> next(std::uint64_t limit) override {
    if (at_ == pieces_.size() && failure_) co_return std::unexpected(*failure_);
    if (at_ == pieces_.size()) co_return std::string_view();
    total_ += pieces_[at_].size();
    if (total_ > limit) co_return std::unexpected(BodyFailure::too_large);
    co_return std::string_view(pieces_[at_++]);
  }

 private:
  std::vector<std::string> pieces_;
  std::optional<BodyFailure> failure_;
  std::size_t at_ = 0;
  std::uint64_t total_ = 0;
};

template <class T>
Task<> keep(Task<T> task, std::optional<T>& result) {
  result = co_await std::move(task);
}

template <class T>
T result_of(Task<T> task) {
  std::optional<T> result;
  boost::asio::io_context io;
  boost::asio::co_spawn(io, keep(std::move(task), result), boost::asio::detached);
  io.run();
  return std::move(result.value());
}

std::string part(const std::string& disposition, const std::string& content) {
  return "--b\r\nContent-Disposition: " + disposition + "\r\n\r\n" + content + "\r\n";
}

SpoolMemory memory(std::uint64_t own) {
  return {.own = own, .shared = std::make_shared<MemoryBudget>(1 << 20)};
}

auto read(RequestBody& body, FormLimits limits = {.size = 1 << 20, .memory = memory(100)}) {
  return result_of(read_form(body, "b", {"chart", "prov"}, limits));
}

auto read(const std::string& text, FormLimits limits = {.size = 1 << 20, .memory = memory(100)}) {
  Pieces body({text});
  return read(body, limits);
}

TEST(ReadForm, keeps_the_wanted_files_in_order) {
  const auto form = read(part(R"(form-data; name="prov"; filename="a.prov")", "two") +
                         part(R"(form-data; name="other"; filename="x")", "dropped") +
                         part(R"(form-data; name="chart"; filename="a.tgz")", "one") + "--b--\r\n");
  ASSERT_TRUE(form);
  ASSERT_EQ(form->size(), 2U);
  EXPECT_EQ((*form)[0].name, "prov");
  EXPECT_EQ((*form)[0].content.view(), "two");
  EXPECT_EQ((*form)[1].name, "chart");
  EXPECT_EQ((*form)[1].content.view(), "one");
}

TEST(ReadForm, drops_parts_that_are_no_form_data) {
  const auto form = read(part("attachment; name=chart", "a") + part("form-data; name=", "b") +
                         "--b\r\nX: y\r\n\r\nc\r\n--b--");
  ASSERT_TRUE(form);
  EXPECT_TRUE(form->empty());
}

TEST(ReadForm, drops_fields_without_a_file) {
  const auto form =
      read(part("form-data; name=chart", "a") + part("form-data; name=chart; filename=\"\"", "b") +
           part("form-data; name=chart; filename=\"//\"", "c") +
           part("form-data; name=chart; filename=\"/tmp/a.tgz\"", "d") + "--b--");
  ASSERT_TRUE(form);
  ASSERT_EQ(form->size(), 1U);
  EXPECT_EQ(form->front().content.view(), "d");
}

TEST(ReadForm, keeps_the_first_file_of_a_name) {
  std::string body;
  for (int i = 0; i < 100; ++i) {
    body += part("form-data; name=chart; filename=a", std::to_string(i));
  }
  const auto form = read(body + "--b--");
  ASSERT_TRUE(form);
  ASSERT_EQ(form->size(), 1U);
  EXPECT_EQ(form->front().content.view(), "0");
}

TEST(ReadForm, spools_what_is_beyond_the_memory_of_all_parts) {
  const auto form = read(part("form-data; name=chart; filename=a", std::string(80, 'a')) +
                         part("form-data; name=prov; filename=b", std::string(80, 'b')) + "--b--");
  ASSERT_TRUE(form);
  EXPECT_TRUE((*form)[0].content.in_memory());
  EXPECT_FALSE((*form)[1].content.in_memory());
  EXPECT_EQ((*form)[1].content.view(), std::string(80, 'b'));
}

TEST(ReadForm, stops_at_the_limit) {
  const auto form = read(part("form-data; name=x", std::string(1000, 'a')) + "--b--",
                         {.size = 100, .memory = memory(100)});
  ASSERT_FALSE(form);
  EXPECT_EQ(form.error(), BodyFailure::too_large);
}

TEST(ReadForm, refuses_a_form_that_is_cut) {
  const std::string body = part("form-data; name=chart; filename=a", "text") + "--b--";
  for (std::size_t size = 0; size < body.size(); ++size) {
    const auto form = read(body.substr(0, size));
    ASSERT_FALSE(form) << size;
    EXPECT_EQ(form.error(), BodyFailure::malformed);
  }
}

TEST(ReadForm, refuses_ten_thousand_parts) {
  std::string body;
  for (int i = 0; i < 10'000; ++i) body += part("form-data; name=x", "");
  const auto form = read(body + "--b--");
  ASSERT_FALSE(form);
  EXPECT_EQ(form.error(), BodyFailure::malformed);
}

TEST(ReadForm, hands_on_why_the_body_failed) {
  Pieces body({"--b\r\nContent-Dis"}, BodyFailure::timed_out);
  const auto form = read(body);
  ASSERT_FALSE(form);
  EXPECT_EQ(form.error(), BodyFailure::timed_out);
}

TEST(ReadBody, joins_the_pieces) {
  Pieces body({"one", "two", "three"});
  const auto spool = result_of(read_body(body, 100, memory(5)));
  ASSERT_TRUE(spool);
  EXPECT_EQ(spool->view(), "onetwothree");
  EXPECT_FALSE(spool->in_memory());
}

TEST(FormBoundary, is_a_parameter_of_form_data) {
  EXPECT_EQ(form_boundary("multipart/form-data; boundary=abc"), "abc");
  EXPECT_EQ(form_boundary("Multipart/Form-Data; charset=x; Boundary=\"a b:c\""), "a b:c");
}

TEST(FormBoundary, is_none_where_it_is_missing_or_not_allowed) {
  for (const char* text :
       {"", "multipart/form-data", "multipart/mixed; boundary=a", "text/plain; boundary=a",
        "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=\"a \"", "multipart/form-data; boundary=\"\x01\""}) {
    EXPECT_EQ(form_boundary(text), std::nullopt) << text;
  }
  const std::string longest(70, 'a');
  EXPECT_EQ(form_boundary("multipart/form-data; boundary=" + longest), longest);
  EXPECT_EQ(form_boundary("multipart/form-data; boundary=a" + longest), std::nullopt);
}

}  // namespace
}  // namespace chartmuseum::http

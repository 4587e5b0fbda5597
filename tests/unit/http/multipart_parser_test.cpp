// SPDX-License-Identifier: Apache-2.0
#include "http/multipart_parser.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

namespace chartmuseum::http {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Progress = MultipartParser::Progress;

class Parts final : public MultipartSink {
 public:
  bool part(const Headers& headers) override {
    names.emplace_back(headers.get("N").value_or("(none)"));
    contents.emplace_back();
    return !stops;
  }
  bool content(std::string_view bytes) override {
    contents.back() += bytes;
    return true;
  }

  bool stops = false;
  std::vector<std::string> names;
  std::vector<std::string> contents;
};

struct Parsed {
  Progress progress = Progress::needs_more;
  Parts parts;
};

Parsed parse(const std::string& body, std::size_t step = SIZE_MAX,
             MultipartParser::Limits limits = {}) {
  Parsed parsed;
  MultipartParser parser("b", limits);
  for (std::size_t at = 0; at < body.size() && parsed.progress == Progress::needs_more;) {
    const std::size_t size = std::min(step, body.size() - at);
    parsed.progress = parser.feed(body.substr(at, size), parsed.parts);
    at += size;
  }
  if (parsed.progress == Progress::needs_more) parsed.progress = parser.finish(parsed.parts);
  return parsed;
}

TEST(MultipartParser, takes_a_form_apart_however_it_is_cut) {
  const std::string body =
      "--b\r\nN: one\r\n\r\nfirst\r\nline\r\n--b\r\nN: two\r\nX: y\r\n\r\n\r\n--b--\r\nepilogue";
  for (std::size_t step = 1; step <= body.size(); ++step) {
    const Parsed parsed = parse(body, step);
    EXPECT_EQ(parsed.progress, Progress::done) << step;
    EXPECT_THAT(parsed.parts.names, ElementsAre("one", "two")) << step;
    EXPECT_THAT(parsed.parts.contents, ElementsAre("first\r\nline", "")) << step;
  }
}

TEST(MultipartParser, takes_only_whole_boundary_lines_for_boundaries) {
  const std::string content =
      "--b\r\n\r\n--bx\r\n--b-x\r\n -- b\r\n--b\x01\r\n\r--b\n--b--\r\r\n--\r\n-";
  const std::string body = "--b\r\n\r\na" + content.substr(5) + "\r\n--b--";
  for (std::size_t step = 1; step <= body.size(); ++step) {
    const Parsed parsed = parse(body, step);
    EXPECT_EQ(parsed.progress, Progress::done) << step;
    EXPECT_THAT(parsed.parts.contents, ElementsAre("a" + content.substr(5))) << step;
  }
}

TEST(MultipartParser, allows_padding_behind_a_boundary) {
  EXPECT_THAT(parse("--b \t\r\n\r\none\r\n--b  \r\n\r\ntwo\r\n--b-- \r\n").parts.contents,
              ElementsAre("one", "two"));
  const std::string far = "--b" + std::string(1000, ' ') + "\r\n\r\n";
  EXPECT_THAT(parse(far + "a\r\n--b--").parts.names, IsEmpty());
  EXPECT_EQ(parse("--b\r\n\r\na\r\n" + far + "--b--").progress, Progress::malformed);
}

TEST(MultipartParser, skips_a_preamble) {
  const std::string body = "hello --b\r\n--bb\r\n--b x\r\n" + std::string(2000, 'x') +
                           "\r\n--b\r\nN: one\r\n\r\ntext\r\n--b--\r\n";
  for (const std::size_t step : {1U, 3U, 100U, 10000U}) {
    EXPECT_THAT(parse(body, step).parts.contents, ElementsAre("text")) << step;
  }
}

TEST(MultipartParser, takes_a_body_with_bare_line_feeds) {
  const Parsed parsed = parse("--b\nN: one\n\nte\r\n-b\n--b\nN: two\n\n\n--b--\n", 1);
  EXPECT_EQ(parsed.progress, Progress::done);
  EXPECT_THAT(parsed.parts.names, ElementsAre("one", "two"));
}

TEST(MultipartParser, does_not_mix_line_ends) {
  EXPECT_THAT(parse("--b\r\n\r\ntext\n--b--\r\n--b--").parts.contents, ElementsAre("text\n--b--"));
}

TEST(MultipartParser, allows_an_empty_part_without_its_line_end) {
  for (const std::size_t step : {1U, 2U, 1000U}) {
    const Parsed parsed = parse("--b\r\nN: one\r\n\r\n--b\r\nN: two\r\n\r\n--b--\r\n", step);
    EXPECT_EQ(parsed.progress, Progress::done);
    EXPECT_THAT(parsed.parts.contents, ElementsAre("", ""));
  }
}

TEST(MultipartParser, allows_a_form_without_parts) {
  EXPECT_EQ(parse("--b--").progress, Progress::done);
  EXPECT_EQ(parse("--b--\r\n").progress, Progress::done);
}

TEST(MultipartParser, joins_folded_header_lines) {
  EXPECT_THAT(parse("--b\r\nN: a\r\n\tb\r\n  c\r\n\r\n\r\n--b--").parts.names,
              ElementsAre("a b c"));
}

TEST(MultipartParser, misses_the_final_boundary) {
  const std::string body = "--b\r\nN: one\r\n\r\ntext\r\n--b--";
  for (std::size_t size = 0; size < body.size(); ++size) {
    EXPECT_EQ(parse(body.substr(0, size)).progress, Progress::malformed) << size;
  }
}

class Malformed : public testing::TestWithParam<std::string> {};

TEST_P(Malformed, is_refused_however_it_is_cut) {
  for (const std::size_t step : {std::size_t{1}, std::size_t{5}, SIZE_MAX}) {
    EXPECT_EQ(parse(GetParam(), step).progress, Progress::malformed) << step;
  }
}

INSTANTIATE_TEST_SUITE_P(
    MultipartParser, Malformed,
    testing::Values("", "no boundary\r\n", "--c\r\n\r\n--c--", "--b\r\nno colon\r\n\r\na\r\n--b--",
                    "--b\r\n: no name\r\n\r\na\r\n--b--", "--b\r\na b: c\r\n\r\na\r\n--b--",
                    "--b\r\n folded\r\n\r\na\r\n--b--", "--b\r\n\r\na\r\n--b x\r\n\r\n--b--",
                    "--b\r\n\r\na\r\n--b--x\r\n", "--b\r\n\r\na\r\n--b\n\r\n--b--"));

TEST(MultipartParser, bounds_the_number_of_parts) {
  std::string body;
  for (int i = 0; i < 10; ++i) body += "--b\r\n\r\na\r\n";
  body += "--b--";
  EXPECT_EQ(parse(body, SIZE_MAX, {.parts = 10}).progress, Progress::done);
  EXPECT_EQ(parse(body, SIZE_MAX, {.parts = 9}).progress, Progress::malformed);
}

TEST(MultipartParser, bounds_the_header_of_a_part) {
  const std::string body = "--b\r\nA: " + std::string(100, 'a') + "\r\n\r\na\r\n--b--";
  EXPECT_EQ(parse(body, 1, {.header_bytes = 107}).progress, Progress::done);
  EXPECT_EQ(parse(body, 1, {.header_bytes = 106}).progress, Progress::malformed);
  EXPECT_EQ(parse("--b\r\n" + std::string(200, 'a'), 1, {.header_bytes = 100}).progress,
            Progress::malformed);
}

TEST(MultipartParser, stops_when_the_sink_says_so) {
  Parts parts;
  parts.stops = true;
  MultipartParser parser("b", {});
  EXPECT_EQ(parser.feed("--b\r\n\r\nabc", parts), Progress::stopped);
  EXPECT_THAT(parts.contents, ElementsAre(""));
}

}  // namespace
}  // namespace chartmuseum::http

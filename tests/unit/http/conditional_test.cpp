// SPDX-License-Identifier: Apache-2.0
#include "http/conditional.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

namespace chartmuseum::http {
namespace {

const char* const kEarlier = "Sun, 06 Nov 1994 08:49:36 GMT";
const char* const kModified = "Sun, 06 Nov 1994 08:49:37 GMT";
const char* const kLater = "Sun, 06 Nov 1994 08:49:38 GMT";

Headers headers(std::initializer_list<Headers::Field> fields) {
  Headers result;
  for (const auto& [name, value] : fields) result.add(name, value);
  return result;
}

const Headers kResponse = headers({{"ETag", "\"v1\""}, {"Last-Modified", kModified}});

Precondition weigh(std::initializer_list<Headers::Field> request) {
  return evaluate(headers(request), kResponse);
}

TEST(Conditions, none_hold) {
  EXPECT_EQ(weigh({}), Precondition::holds);
}

TEST(Conditions, if_none_match_compares_weakly) {
  EXPECT_EQ(weigh({{"If-None-Match", "\"v1\""}}), Precondition::not_modified);
  EXPECT_EQ(weigh({{"If-None-Match", "W/\"v1\""}}), Precondition::not_modified);
  EXPECT_EQ(evaluate(headers({{"If-None-Match", "\"v1\""}}), headers({{"ETag", "W/\"v1\""}})),
            Precondition::not_modified);
  EXPECT_EQ(weigh({{"If-None-Match", "\"v2\""}}), Precondition::holds);
  EXPECT_EQ(weigh({{"If-None-Match", "v1"}}), Precondition::holds);
}

TEST(Conditions, if_none_match_takes_lists_and_the_star) {
  EXPECT_EQ(weigh({{"If-None-Match", "\"a,b\", W/\"v1\""}}), Precondition::not_modified);
  EXPECT_EQ(weigh({{"If-None-Match", "\"a\""}, {"If-None-Match", "\"v1\""}}),
            Precondition::not_modified);
  EXPECT_EQ(weigh({{"If-None-Match", "*"}}), Precondition::not_modified);
  EXPECT_EQ(weigh({{"If-None-Match", "\"a,v1\""}}), Precondition::holds);
}

TEST(Conditions, if_modified_since_counts_only_without_if_none_match) {
  EXPECT_EQ(weigh({{"If-Modified-Since", kModified}}), Precondition::not_modified);
  EXPECT_EQ(weigh({{"If-Modified-Since", kLater}}), Precondition::not_modified);
  EXPECT_EQ(weigh({{"If-Modified-Since", kEarlier}}), Precondition::holds);
  EXPECT_EQ(weigh({{"If-Modified-Since", "yesterday"}}), Precondition::holds);
  EXPECT_EQ(weigh({{"If-Modified-Since", kLater}, {"If-None-Match", "\"v2\""}}),
            Precondition::holds);
}

TEST(Conditions, if_match_compares_strongly) {
  EXPECT_EQ(weigh({{"If-Match", "\"v0\", \"v1\""}}), Precondition::holds);
  EXPECT_EQ(weigh({{"If-Match", "*"}}), Precondition::holds);
  EXPECT_EQ(weigh({{"If-Match", "\"v2\""}}), Precondition::failed);
  EXPECT_EQ(weigh({{"If-Match", "W/\"v1\""}}), Precondition::failed);
}

TEST(Conditions, if_unmodified_since_counts_only_without_if_match) {
  EXPECT_EQ(weigh({{"If-Unmodified-Since", kEarlier}}), Precondition::failed);
  EXPECT_EQ(weigh({{"If-Unmodified-Since", kModified}}), Precondition::holds);
  EXPECT_EQ(weigh({{"If-Unmodified-Since", kEarlier}, {"If-Match", "\"v1\""}}),
            Precondition::holds);
}

TEST(Conditions, a_failed_if_match_goes_before_if_none_match) {
  EXPECT_EQ(weigh({{"If-Match", "\"v2\""}, {"If-None-Match", "\"v1\""}}), Precondition::failed);
}

using Selected = std::variant<WholeBody, ByteRange, Unsatisfiable>;

Selected range(const std::string& value, std::uint64_t size = 100) {
  return select_range(headers({{"Range", value}}), kResponse, size);
}

TEST(Range, selects_one_part) {
  EXPECT_EQ(range("bytes=0-0"), Selected(ByteRange{0, 1}));
  EXPECT_EQ(range("bytes=10-19"), Selected(ByteRange{10, 10}));
  EXPECT_EQ(range("bytes=90-"), Selected(ByteRange{90, 10}));
  EXPECT_EQ(range("bytes=-10"), Selected(ByteRange{90, 10}));
  EXPECT_EQ(range("Bytes= 10-19 "), Selected(ByteRange{10, 10}));
}

TEST(Range, ends_where_the_body_ends) {
  EXPECT_EQ(range("bytes=90-1000"), Selected(ByteRange{90, 10}));
  EXPECT_EQ(range("bytes=-1000"), Selected(ByteRange{0, 100}));
  EXPECT_EQ(range("bytes=0-99999999999999999999999"), Selected(ByteRange{0, 100}));
}

TEST(Range, beyond_the_end_cannot_be_satisfied) {
  EXPECT_EQ(range("bytes=100-"), Selected(Unsatisfiable{}));
  EXPECT_EQ(range("bytes=99999999999999999999999-"), Selected(Unsatisfiable{}));
  EXPECT_EQ(range("bytes=-0"), Selected(Unsatisfiable{}));
  EXPECT_EQ(range("bytes=0-", 0), Selected(Unsatisfiable{}));
  EXPECT_EQ(range("bytes=-5", 0), Selected(Unsatisfiable{}));
}

TEST(Range, is_ignored_when_it_is_malformed_or_several) {
  for (const char* value : {"bytes=5-4", "bytes=", "bytes=-", "bytes=a-b", "bytes=1", "lines=1-2",
                            "bytes=0-1,3-4", "bytes=+1-2", "bytes=1-2-3", "bytes 1-2"}) {
    EXPECT_EQ(range(value), Selected(WholeBody{})) << value;
  }
}

TEST(Range, counts_only_if_if_range_fits) {
  const auto with = [](const char* condition) {
    return select_range(headers({{"Range", "bytes=0-1"}, {"If-Range", condition}}), kResponse, 100);
  };
  EXPECT_EQ(with("\"v1\""), Selected(ByteRange{0, 2}));
  EXPECT_EQ(with(kModified), Selected(ByteRange{0, 2}));
  for (const char* other : {"\"v2\"", "W/\"v1\"", kLater, kEarlier, "yesterday"}) {
    EXPECT_EQ(with(other), Selected(WholeBody{})) << other;
  }
}

}  // namespace
}  // namespace chartmuseum::http

// SPDX-License-Identifier: Apache-2.0
#include "encoding/yaml_scalar.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>

namespace chartmuseum::encoding {
namespace {

constexpr std::string_view kPrefix = "tag:yaml.org,2002:";

const ResolvedScalar kText = TextScalar{TextScalar::Why::word};
const ResolvedScalar kTimestamp = TextScalar{TextScalar::Why::timestamp};

ResolvedScalar integer(std::int64_t value) {
  return value;
}
ResolvedScalar floating(double value) {
  return value;
}

std::expected<ResolvedScalar, std::string> tagged(std::string_view tag, std::string_view text) {
  return resolve_tagged(std::string(kPrefix) + std::string(tag), text);
}

TEST(YamlScalar, knows_yaml_1_1s_words_in_three_spellings) {
  for (const char* word : {"", "~", "null", "Null", "NULL"}) {
    EXPECT_EQ(resolve_plain(word), ResolvedScalar(nullptr)) << word;
  }
  for (const char* word :
       {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"}) {
    EXPECT_EQ(resolve_plain(word), ResolvedScalar(true)) << word;
  }
  for (const char* word : {"n", "N", "no", "No", "NO", "false", "FALSE", "off", "Off", "OFF"}) {
    EXPECT_EQ(resolve_plain(word), ResolvedScalar(false)) << word;
  }
  for (const char* word : {"nO", "yEs", "nulL", "oN", "yes ", "none", "<<", "="}) {
    EXPECT_EQ(resolve_plain(word), kText) << word;
  }
}

TEST(YamlScalar, knows_integers_in_four_bases) {
  EXPECT_EQ(resolve_plain("0"), integer(0));
  EXPECT_EQ(resolve_plain("+7"), integer(7));
  EXPECT_EQ(resolve_plain("-12"), integer(-12));
  EXPECT_EQ(resolve_plain("1_000"), integer(1000));
  EXPECT_EQ(resolve_plain("0x1F"), integer(31));
  EXPECT_EQ(resolve_plain("-0X1f"), integer(-31));
  EXPECT_EQ(resolve_plain("0b101"), integer(5));
  EXPECT_EQ(resolve_plain("017"), integer(15));
  EXPECT_EQ(resolve_plain("0o17"), integer(15));
  EXPECT_EQ(resolve_plain("0b-1"), integer(-1));
}

TEST(YamlScalar, knows_integers_of_64_bits_with_and_without_sign) {
  EXPECT_EQ(resolve_plain("9223372036854775807"), integer(INT64_MAX));
  EXPECT_EQ(resolve_plain("-9223372036854775808"), integer(INT64_MIN));
  EXPECT_EQ(resolve_plain("18446744073709551615"), ResolvedScalar(UINT64_MAX));
  EXPECT_EQ(resolve_plain("18446744073709551616"), floating(18446744073709551616.0));
  EXPECT_EQ(resolve_plain("+18446744073709551615"), floating(18446744073709551615.0));
  EXPECT_EQ(resolve_plain("0xFFFFFFFFFFFFFFFFFF"), kText);
}

TEST(YamlScalar, knows_floats) {
  EXPECT_EQ(resolve_plain("1.10"), floating(1.1));
  EXPECT_EQ(resolve_plain("1."), floating(1));
  EXPECT_EQ(resolve_plain(".5"), floating(0.5));
  EXPECT_EQ(resolve_plain(".5_5"), floating(0.55));
  EXPECT_EQ(resolve_plain("-.5e3"), floating(-500));
  EXPECT_EQ(resolve_plain("1e3"), floating(1000));
  EXPECT_EQ(resolve_plain("08"), floating(8));
  EXPECT_EQ(resolve_plain("1e-400"), floating(0));
  EXPECT_EQ(resolve_plain("-.inf"), floating(-INFINITY));
  EXPECT_TRUE(std::isnan(std::get<double>(resolve_plain(".NaN"))));
}

TEST(YamlScalar, takes_what_is_almost_a_number_for_text) {
  for (const char* text :
       {"1e400", "1e",  "0x",  "1.2.3", "v1",   "1-2", "99:99", "1:30", "+",     "-",    ".",
        "..",    "._5", ".5_", "+.nan", "1__e", "0b2", "--1",   "+-1",  "1,000", "1 000"}) {
    EXPECT_EQ(resolve_plain(text), kText) << text;
  }
}

TEST(YamlScalar, keeps_dates_as_text_of_their_own_kind) {
  EXPECT_EQ(resolve_plain("2001-01-01"), kTimestamp);
  EXPECT_EQ(resolve_plain("2001-02-30"), kText);
}

TEST(YamlScalar, wants_text_that_fits_its_tag) {
  EXPECT_EQ(tagged("int", "0x1F"), integer(31));
  EXPECT_EQ(tagged("float", "1"), floating(1));
  EXPECT_EQ(tagged("bool", "yes"), ResolvedScalar(true));
  EXPECT_EQ(tagged("null", ""), ResolvedScalar(nullptr));
  EXPECT_EQ(tagged("timestamp", "2001-01-01"), kTimestamp);
  EXPECT_EQ(tagged("int", "x").error(), "cannot decode !!str `x` as a !!int");
  EXPECT_EQ(tagged("int", "1.5").error(), "cannot decode !!float `1.5` as a !!int");
  EXPECT_EQ(tagged("int", "2001-01-01").error(), "cannot decode !!str `2001-01-01` as a !!int");
  EXPECT_EQ(tagged("float", "18446744073709551615").error(),
            "cannot decode !!int `18446744073709551615` as a !!float");
}

TEST(YamlScalar, keeps_the_text_below_any_other_tag) {
  EXPECT_EQ(tagged("str", "1"), kText);
  EXPECT_EQ(tagged("set", "1"), kText);
  EXPECT_EQ(resolve_tagged("!", "1"), kText);
  EXPECT_EQ(resolve_tagged("!local", "true"), kText);
}

TEST(YamlScalar, decodes_base64) {
  EXPECT_EQ(decode_binary("aGVsbG8="), "hello");
  EXPECT_EQ(decode_binary("aGVs\nbG8=\n"), "hello");
  EXPECT_EQ(decode_binary(""), "");
  EXPECT_EQ(decode_binary("/w=="), "\xEF\xBF\xBD");
  for (const char* bad : {"a", "ab", "ab=", "ab===", "a=b=", "ab c", "====", "YWJj="}) {
    EXPECT_FALSE(decode_binary(bad)) << bad;
  }
}

TEST(YamlScalar, tells_what_needs_quotes_to_stay_text) {
  for (const char* text : {"true", "y", "null", "~", "", "1.10", "0o17", "08", "1_000", "1:30",
                           "2001-01-01", ".inf", "190:20:30.15", "-1:0"}) {
    EXPECT_FALSE(reads_back_as_text(text)) << text;
  }
  for (const char* text :
       {"1.2.3", "v1", "1-2", "1e", "0x", "99:99", "nO", "=", "+", "1:", ":30", "1:60", "a"}) {
    EXPECT_TRUE(reads_back_as_text(text)) << text;
  }
}

}  // namespace
}  // namespace chartmuseum::encoding

// SPDX-License-Identifier: Apache-2.0
#include "encoding/gzip_writer.hpp"

#include "support/gunzip.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chartmuseum::encoding {
namespace {

using testing::gunzip;

std::string numbers(int from, int to) {
  std::string text;
  for (int i = from; i < to; ++i) text += "line " + std::to_string(i) + '\n';
  return text;
}

TEST(GzipWriter, of_nothing_is_an_empty_member) {
  EXPECT_EQ(gunzip(GzipWriter().finish().to_string()), "");
}

TEST(GzipWriter, puts_texts_in_any_order_together_to_one_member) {
  const DeflatedText first = deflate(numbers(0, 20'000));
  const DeflatedText second = deflate(numbers(20'000, 20'001));
  GzipWriter writer;
  writer.append("head\n");
  writer.append(second);
  writer.append(first);
  writer.append("between\n");
  writer.append("still\n");
  writer.append(first);
  writer.append("tail\n");
  EXPECT_EQ(gunzip(writer.finish().to_string()), "head\n" + numbers(20'000, 20'001) +
                                                     numbers(0, 20'000) + "between\nstill\n" +
                                                     numbers(0, 20'000) + "tail\n");
}

TEST(GzipWriter, lets_a_text_refer_to_the_one_before) {
  const std::string text = numbers(1'000'000, 1'002'000);
  const DeflatedText alone = deflate(text);
  const DeflatedText again = deflate(text, numbers(0, 10'000) + text);
  EXPECT_LT(again.blocks->size(), alone.blocks->size() / 4);
  GzipWriter writer;
  writer.append(alone);
  writer.append(again);
  EXPECT_EQ(gunzip(writer.finish().to_string()), text + text);
}

TEST(GzipWriter, stores_texts_larger_than_a_block) {
  const std::string large = numbers(0, 30'000);
  GzipWriter writer;
  writer.append(large);
  EXPECT_EQ(gunzip(writer.finish().to_string()), large);
}

TEST(GzipWriter, takes_an_empty_text) {
  GzipWriter writer;
  writer.append(deflate(""));
  writer.append("x");
  EXPECT_EQ(gunzip(writer.finish().to_string()), "x");
}

TEST(GzipWriter, shares_the_blocks_and_makes_them_small) {
  const DeflatedText text = deflate(numbers(0, 20'000));
  EXPECT_LT(text.blocks->size(), text.size / 3);
  GzipWriter writer;
  writer.append(text);
  const Rope stream = writer.finish();
  ASSERT_EQ(stream.pieces().size(), 3U);
  EXPECT_EQ(stream.pieces()[1].owner, text.blocks);
}

}  // namespace
}  // namespace chartmuseum::encoding

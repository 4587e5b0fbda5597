// SPDX-License-Identifier: Apache-2.0
#include "storage/resumed_stream.hpp"

#include "conformance/run_task.hpp"
#include "storage/memory_store.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chartmuseum::storage {
namespace {

std::string rest_of(const std::shared_ptr<MemoryStore>& store, const std::string& etag,
                    std::uint64_t at) {
  const auto stream = run_task(open_at(store, "a", etag, at));
  if (!stream) return "(" + stream.error().detail + ")";
  std::string all;
  for (;;) {
    const auto piece = run_task((*stream)->next());
    if (!piece) return "(" + piece.error().detail + ")";
    if (piece->empty()) return all;
    all += *piece;
  }
}

TEST(ResumedStream, has_the_bytes_from_an_offset_on) {
  const auto store = std::make_shared<MemoryStore>();
  store->place("a", "0123456789");
  const std::string etag = store->info("a")->etag;
  for (const std::size_t piece : {0U, 1U, 3U, 10U}) {
    if (piece > 0) store->open_as_streams(piece);
    for (std::size_t at = 0; at <= 10; ++at) {
      EXPECT_EQ(rest_of(store, etag, at), std::string("0123456789").substr(at)) << piece;
    }
  }
}

TEST(ResumedStream, never_mixes_two_versions) {
  const auto store = std::make_shared<MemoryStore>();
  store->place("a", "0123456789");
  const std::string etag = store->info("a")->etag;
  store->place("a", "abcdefghij");
  EXPECT_EQ(rest_of(store, etag, 3), "(a changed while it was read)");
  store->take_away("a");
  EXPECT_EQ(rest_of(store, etag, 3), "(a changed while it was read)");
}

TEST(ResumedStream, fails_as_the_store_does) {
  const auto store = std::make_shared<MemoryStore>();
  store->place("a", "0123456789");
  const std::string etag = store->info("a")->etag;
  store->open_as_streams(1, 2);
  EXPECT_EQ(rest_of(store, etag, 5), "(the stream broke)");
  store->stop_after(0);
  EXPECT_NE(rest_of(store, etag, 5).find('('), std::string::npos);
}

}  // namespace
}  // namespace chartmuseum::storage

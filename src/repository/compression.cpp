// SPDX-License-Identifier: Apache-2.0
#include "repository/compression.hpp"

#include <utility>

namespace chartmuseum::repository {

namespace {

Task<> compress(IndexPointer index) {
  index->compress_document();
  co_return;
}

}  // namespace

Task<std::shared_ptr<const Rope>> Compression::document(IndexPointer index) {
  while (busy_ && !index->compressed_document()) co_await done_.wait();
  if (auto document = index->compressed_document()) co_return document;

  struct Turn {
    explicit Turn(Compression& of) : compression(of) { compression.busy_ = true; }
    ~Turn() {
      compression.busy_ = false;
      compression.done_.notify();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    Compression& compression;
  };
  const Turn turn(*this);
  Task<> compressing = compress(index);
  co_await tenant_.outside(std::move(compressing));
  co_return index->compressed_document();
}

}  // namespace chartmuseum::repository

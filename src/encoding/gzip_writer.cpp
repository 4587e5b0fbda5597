// SPDX-License-Identifier: Apache-2.0
#include "encoding/gzip_writer.hpp"

#include <zlib.h>

#include <algorithm>
#include <new>
#include <utility>

namespace chartmuseum::encoding {

namespace {

constexpr int kRawWindow = -15;  // no header and trailer; the largest window
constexpr int kMemoryLevel = 9;
constexpr std::size_t kWindow = 32'768;
constexpr std::size_t kLargestStored = 65'535;

// No name, no time; an unknown system.
constexpr std::string_view kHeader("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
// A last block with nothing in it, in fixed codes.
constexpr std::string_view kLastBlock("\x03\0", 2);

void append_little_endian(std::string& out, std::uint32_t number, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>((number >> (8 * i)) & 0xFF);
}

std::uint32_t crc_of(std::string_view text) {
  return static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(text.data()), text.size()));
}

}  // namespace

DeflatedText deflate(std::string_view text, std::string_view before) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kRawWindow, kMemoryLevel,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
  const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, deflateEnd);
  if (!before.empty()) {
    before.remove_prefix(before.size() - std::min(before.size(), kWindow));
    deflateSetDictionary(&stream, reinterpret_cast<const Bytef*>(before.data()),
                         static_cast<uInt>(before.size()));
  }

  std::string blocks;
  std::string_view rest = text;
  int flush = Z_NO_FLUSH;
  do {
    // zlib counts in 32 bits.
    const std::string_view part = rest.substr(0, 1UL << 30);
    rest.remove_prefix(part.size());
    flush = rest.empty() ? Z_SYNC_FLUSH : Z_NO_FLUSH;
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(part.data()));
    stream.avail_in = static_cast<uInt>(part.size());
    do {
      const std::size_t old_size = blocks.size();
      const std::size_t room = std::max<std::size_t>(4096, part.size() / 4);
      blocks.resize(old_size + room);
      stream.next_out = reinterpret_cast<Bytef*>(blocks.data() + old_size);
      stream.avail_out = static_cast<uInt>(room);
      ::deflate(&stream, flush);
      blocks.resize(blocks.size() - stream.avail_out);
    } while (stream.avail_out == 0);
  } while (flush == Z_NO_FLUSH);
  blocks.shrink_to_fit();
  return {.blocks = std::make_shared<const std::string>(std::move(blocks)),
          .crc = crc_of(text),
          .size = text.size()};
}

GzipWriter::GzipWriter() {
  stream_.append(std::string(kHeader));
}

void GzipWriter::append(std::string_view text) {
  pending_ += text;
}

void GzipWriter::append(const DeflatedText& text) {
  store_pending();
  stream_.append(text.blocks);
  count(text.crc, text.size);
}

void GzipWriter::store_pending() {
  if (pending_.empty()) return;
  std::string blocks;
  for (std::string_view rest = pending_; !rest.empty();) {
    const std::string_view part = rest.substr(0, kLargestStored);
    const auto size = static_cast<std::uint32_t>(part.size());
    blocks += '\0';
    append_little_endian(blocks, size, 2);
    append_little_endian(blocks, ~size, 2);
    blocks += part;
    rest.remove_prefix(part.size());
  }
  stream_.append(std::move(blocks));
  count(crc_of(pending_), pending_.size());
  pending_.clear();
}

void GzipWriter::count(std::uint32_t crc, std::uint64_t size) {
  crc_ = static_cast<std::uint32_t>(crc32_combine(crc_, crc, static_cast<z_off_t>(size)));
  size_ += size;
}

Rope GzipWriter::finish() {
  store_pending();
  std::string end(kLastBlock);
  append_little_endian(end, crc_, 4);
  append_little_endian(end, static_cast<std::uint32_t>(size_), 4);  // modulo 2^32
  stream_.append(std::move(end));
  return std::move(stream_);
}

}  // namespace chartmuseum::encoding

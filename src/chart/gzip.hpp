// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::chart {

/// Reads gzip data (RFC 1952) once, from front to back: the same bytes, and at the same place the
/// same end, as Go's compress/gzip gives. Several members are one stream. What is wrong with the
/// data is noticed when reading reaches it and not before: a wrong checksum does not matter to
/// someone who stops before the end.
///
/// A first member that is small and sound is inflated at once (libdeflate), anything else in
/// pieces (zlib), so that memory does not grow with what the data claims to hold. Keeps no copy of
/// `bytes`, which must outlive it. Not thread-safe.
class GzipReader {
 public:
  /// Fails when more than `limit` bytes come out.
  GzipReader(std::string_view bytes, std::uint64_t limit);
  ~GzipReader();
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;

  /// The next `count` bytes; fewer only where the stream ends. Valid until the next call.
  [[nodiscard]] std::string_view read(std::size_t count);

  /// As read, but valid as long as the reader lives.
  [[nodiscard]] std::string_view read_lasting(std::size_t count);

  /// Passes over `count` bytes and returns how many there were; fewer only where the stream ends.
  std::uint64_t skip(std::uint64_t count);

  /// Once fewer bytes came than were asked for: nothing if the data ended as it should, else what
  /// is wrong with it, in Go's words ("gzip: invalid header", "unexpected EOF").
  [[nodiscard]] const std::optional<std::string>& failure() const { return failure_; }

  /// How many bytes were inflated so far; a measure of the work done.
  [[nodiscard]] std::uint64_t inflated() const { return inflated_; }

 private:
  enum class State { header, member, trailer, end };
  class Inflater;

  bool refill();
  bool read_header();
  bool inflate_whole();
  bool inflate_piece();
  bool read_trailer();
  bool fail(std::string_view message);
  bool grow(std::size_t count);
  void gather(std::string& out, std::size_t count);

  std::string_view input_;  // not yet inflated
  const std::uint64_t limit_;
  std::uint64_t inflated_ = 0;
  State state_ = State::header;
  bool first_member_ = true;
  bool window_lasts_ = false;
  std::string_view window_;     // inflated, not yet read
  std::uint32_t checksum_ = 0;  // of a member that is inflated in pieces
  std::uint64_t size_ = 0;
  std::unique_ptr<char[]> whole_;
  std::unique_ptr<Inflater> inflater_;
  std::string gathered_;
  std::deque<std::string> kept_;
  std::optional<std::string> failure_;
};

}  // namespace chartmuseum::chart

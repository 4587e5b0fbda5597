// SPDX-License-Identifier: Apache-2.0
#include "chart/gzip.hpp"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <new>

namespace chartmuseum::chart {

namespace {

// Larger members are inflated in pieces: real packages are far below it, and what a package
// claims to hold must not decide how much memory is taken.
constexpr std::size_t kWholeLimit = 8U << 20U;
// In blocks with a single distance code libdeflate takes the other, unused code for it too, which
// Go and zlib refuse. Such blocks are most of a tiny package, and there zlib is fast enough.
constexpr std::size_t kTinyMember = 2048;
constexpr std::size_t kPieceSize = 64U << 10U;
constexpr std::size_t kInputPieceSize = 1U << 30U;  // zlib counts its input in 32 bits
// DEFLATE cannot shrink data by more than this, so a larger claim is a lie.
constexpr std::size_t kGreatestRatio = 1032;

constexpr std::size_t kHeaderSize = 10;
constexpr std::size_t kTrailerSize = 8;
constexpr std::size_t kGoStringLimit = 512;  // the longest name or comment that Go reads

constexpr unsigned kHeaderChecksum = 0x02;  // RFC 1952, section 2.3.1
constexpr unsigned kExtra = 0x04;
constexpr unsigned kName = 0x08;
constexpr unsigned kComment = 0x10;

constexpr std::string_view kInvalidHeader = "gzip: invalid header";
constexpr std::string_view kInvalidChecksum = "gzip: invalid checksum";
constexpr std::string_view kUnexpectedEnd = "unexpected EOF";

unsigned byte_at(std::string_view bytes, std::size_t offset) {
  return static_cast<unsigned char>(bytes[offset]);
}

std::uint32_t little_endian(std::string_view bytes, std::size_t offset, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = count; i-- > 0;) value = value << 8U | byte_at(bytes, offset + i);
  return value;
}

std::uint32_t crc32_of(std::uint32_t crc, std::string_view bytes) {
  return libdeflate_crc32(crc, bytes.data(), bytes.size());
}

bool trailer_fits(std::string_view trailer, std::uint32_t checksum, std::uint64_t size) {
  return trailer.size() >= kTrailerSize && little_endian(trailer, 0, 4) == checksum &&
         little_endian(trailer, 4, 4) == (size & 0xffffffffU);
}

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* decompressor) const {
    libdeflate_free_decompressor(decompressor);
  }
};

}  // namespace

class GzipReader::Inflater {
 public:
  Inflater() {
    if (inflateInit2(&stream_, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  enum class Outcome { more, end_of_member, corrupt, input_exhausted };

  void restart() { inflateReset(&stream_); }

  /// Takes from the front of `input` and points `output` at what came of it.
  Outcome inflate_some(std::string_view& input, std::string_view& output) {
    const std::size_t offered = std::min(input.size(), kInputPieceSize);
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    stream_.avail_in = static_cast<uInt>(offered);
    stream_.next_out = reinterpret_cast<Bytef*>(piece_.data());
    stream_.avail_out = static_cast<uInt>(piece_.size());
    const int status = inflate(&stream_, Z_NO_FLUSH);
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    input.remove_prefix(offered - stream_.avail_in);
    output = {piece_.data(), piece_.size() - stream_.avail_out};
    if (status == Z_STREAM_END) return Outcome::end_of_member;
    if (status == Z_DATA_ERROR) return Outcome::corrupt;
    return output.empty() && input.empty() ? Outcome::input_exhausted : Outcome::more;
  }

  /// How many bytes of the member's input decoding has touched so far, as Go counts them.
  [[nodiscard]] std::uint64_t offset() const {
    // Among zlib's spare bits are those of a stored block's length when that is what is wrong.
    constexpr std::string_view kBadLength = "invalid stored block lengths";
    const unsigned spare_bits = static_cast<unsigned>(stream_.data_type) & 63U;
    const bool bad_length = stream_.msg != nullptr && stream_.msg == kBadLength;
    return stream_.total_in - (bad_length ? 0 : spare_bits / 8);
  }

 private:
  z_stream stream_{};
  std::array<char, kPieceSize> piece_;
};

GzipReader::GzipReader(std::string_view bytes, std::uint64_t limit)
    : input_(bytes), limit_(limit) {}

GzipReader::~GzipReader() = default;

std::string_view GzipReader::read(std::size_t count) {
  if (window_.empty() && count > 0) refill();
  if (window_.size() >= count) {
    const std::string_view bytes = window_.substr(0, count);
    window_.remove_prefix(count);
    return bytes;
  }
  gather(gathered_, count);
  return gathered_;
}

std::string_view GzipReader::read_lasting(std::size_t count) {
  if (window_.empty() && count > 0) refill();
  if (window_lasts_ && window_.size() >= count) return read(count);
  gather(kept_.emplace_back(), count);
  return kept_.back();
}

void GzipReader::gather(std::string& out, std::size_t count) {
  out.clear();
  while (out.size() < count) {
    if (window_.empty() && !refill()) return;
    const std::string_view part = window_.substr(0, count - out.size());
    out.append(part);
    window_.remove_prefix(part.size());
  }
}

std::uint64_t GzipReader::skip(std::uint64_t count) {
  std::uint64_t skipped = 0;
  while (skipped < count) {
    if (window_.empty() && !refill()) break;
    const auto part =
        static_cast<std::size_t>(std::min<std::uint64_t>(window_.size(), count - skipped));
    window_.remove_prefix(part);
    skipped += part;
  }
  return skipped;
}

// Puts more bytes into the empty window; false at the end of the stream.
bool GzipReader::refill() {
  while (state_ != State::end && window_.empty()) {
    switch (state_) {
      case State::header:
        if (read_header() && !inflate_whole()) {
          if (inflater_ == nullptr) inflater_ = std::make_unique<Inflater>();
          inflater_->restart();
          window_lasts_ = false;
          checksum_ = 0;
          size_ = 0;
          state_ = State::member;
        }
        first_member_ = false;
        break;
      case State::member:
        inflate_piece();
        break;
      case State::trailer:
        read_trailer();
        break;
      case State::end:
        break;
    }
  }
  return !window_.empty();
}

bool GzipReader::fail(std::string_view message) {
  failure_ = message;
  state_ = State::end;
  return false;
}

// RFC 1952, section 2.3. Go ignores the reserved flags and checks the header's checksum.
bool GzipReader::read_header() {
  if (input_.empty()) {
    if (first_member_) return fail("EOF");
    state_ = State::end;
    return false;
  }
  if (input_.size() < kHeaderSize) return fail(kUnexpectedEnd);
  if (!input_.starts_with("\x1f\x8b\x08")) return fail(kInvalidHeader);
  const unsigned flags = byte_at(input_, 3);
  std::size_t position = kHeaderSize;
  if ((flags & kExtra) != 0) {
    if (input_.size() < position + 2) return fail(kUnexpectedEnd);
    position += 2 + little_endian(input_, position, 2);
    if (input_.size() < position) return fail(kUnexpectedEnd);
  }
  for (const unsigned text : {kName, kComment}) {
    if ((flags & text) == 0) continue;
    const std::string_view field = input_.substr(position, kGoStringLimit);
    const std::size_t end = field.find('\0');
    if (end == std::string_view::npos) {
      return fail(field.size() < kGoStringLimit ? kUnexpectedEnd : kInvalidHeader);
    }
    position += end + 1;
  }
  if ((flags & kHeaderChecksum) != 0) {
    if (input_.size() < position + 2) return fail(kUnexpectedEnd);
    const std::uint32_t checksum = crc32_of(0, input_.substr(0, position)) & 0xffffU;
    if (little_endian(input_, position, 2) != checksum) return fail(kInvalidHeader);
    position += 2;
  }
  input_.remove_prefix(position);
  return true;
}

// The usual package: one member whose trailer tells its size, and that is sound to its end.
bool GzipReader::inflate_whole() {
  if (!first_member_ || input_.size() < kTinyMember) return false;
  const std::size_t claimed = little_endian(input_, input_.size() - 4, 4);
  if (claimed == 0 || claimed > kWholeLimit || claimed > limit_ ||
      claimed / kGreatestRatio > input_.size()) {
    return false;
  }
  const std::unique_ptr<libdeflate_decompressor, FreeDecompressor> decompressor(
      libdeflate_alloc_decompressor());
  if (decompressor == nullptr) throw std::bad_alloc();
  whole_ = std::make_unique_for_overwrite<char[]>(claimed);
  std::size_t taken = 0;
  std::size_t written = 0;
  const bool inflated = libdeflate_deflate_decompress_ex(decompressor.get(), input_.data(),
                                                         input_.size(), whole_.get(), claimed,
                                                         &taken, &written) == LIBDEFLATE_SUCCESS;
  const std::string_view output(whole_.get(), written);
  if (!inflated || !trailer_fits(input_.substr(taken), crc32_of(0, output), written)) {
    whole_.reset();
    return false;
  }
  input_.remove_prefix(taken + kTrailerSize);
  window_ = output;
  window_lasts_ = true;
  inflated_ += written;
  return true;
}

bool GzipReader::inflate_piece() {
  const Inflater::Outcome outcome = inflater_->inflate_some(input_, window_);
  checksum_ = crc32_of(checksum_, window_);
  size_ += window_.size();
  inflated_ += window_.size();
  if (inflated_ > limit_) {
    window_ = {};
    return fail("decompressed archive is too large");
  }
  switch (outcome) {
    case Inflater::Outcome::more:
      return true;
    case Inflater::Outcome::end_of_member:
      state_ = State::trailer;
      return true;
    case Inflater::Outcome::corrupt:
      return fail("flate: corrupt input before offset " + std::to_string(inflater_->offset()));
    case Inflater::Outcome::input_exhausted:
      break;
  }
  return fail(kUnexpectedEnd);
}

bool GzipReader::read_trailer() {
  if (input_.size() < kTrailerSize) return fail(kUnexpectedEnd);
  if (!trailer_fits(input_, checksum_, size_)) return fail(kInvalidChecksum);
  input_.remove_prefix(kTrailerSize);
  state_ = State::header;
  return true;
}

}  // namespace chartmuseum::chart

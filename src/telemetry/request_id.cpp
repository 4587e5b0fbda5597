// SPDX-License-Identifier: Apache-2.0
#include "telemetry/request_id.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>
#include <sys/random.h>
#include <system_error>

namespace chartmuseum::telemetry {

namespace {

constexpr std::size_t kIdBytes = 16;

/// Random bytes of one thread, fetched for many ids at once: a system call for each id would
/// cost more than all the rest of it. No byte is handed out twice.
class RandomBatch {
 public:
  std::span<std::uint8_t, kIdBytes> take() {
    if (used_ == bytes_.size()) refill();
    const std::span<std::uint8_t, kIdBytes> id(bytes_.data() + used_, kIdBytes);
    used_ += kIdBytes;
    return id;
  }

 private:
  void refill() {
    std::size_t filled = 0;
    while (filled < bytes_.size()) {
      const ssize_t count = ::getrandom(bytes_.data() + filled, bytes_.size() - filled, 0);
      if (count < 0) {
        if (errno == EINTR) continue;
        throw std::system_error(errno, std::system_category(), "getrandom");
      }
      filled += static_cast<std::size_t>(count);
    }
    used_ = 0;
  }

  std::array<std::uint8_t, 64 * kIdBytes> bytes_{};
  std::size_t used_ = bytes_.size();
};

}  // namespace

std::string make_request_id() {
  static constexpr char kDigits[] = "0123456789abcdef";
  thread_local RandomBatch batch;  // a thread's own: nothing to lock
  const std::span<std::uint8_t, kIdBytes> bytes = batch.take();
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);  // version 4
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);  // variant 10

  std::string text(36, '-');
  std::size_t position = 0;
  for (std::size_t i = 0; i < kIdBytes; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) ++position;
    text[position++] = kDigits[bytes[i] >> 4];
    text[position++] = kDigits[bytes[i] & 15];
  }
  return text;
}

}  // namespace chartmuseum::telemetry

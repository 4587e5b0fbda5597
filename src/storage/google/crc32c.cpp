// SPDX-License-Identifier: Apache-2.0
#include "storage/google/crc32c.hpp"

#include "base/ascii.hpp"
#include "storage/remote/hashes.hpp"

#include <boost/crc.hpp>

#include <algorithm>
#include <utility>

namespace chartmuseum::storage::google {

namespace {

using Crc32c = boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true>;

std::string text_of(const Crc32c& crc) {
  const std::uint32_t sum = crc.checksum();
  std::string bytes;
  for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>((sum >> shift) & 0xFF);
  return base64(bytes);
}

class Crc32cCheck final : public BodyCheck {
 public:
  explicit Crc32cCheck(std::string expected) : expected_(std::move(expected)) {}

  void add(std::string_view bytes) override { crc_.process_bytes(bytes.data(), bytes.size()); }
  [[nodiscard]] bool intact() override { return text_of(crc_) == expected_; }

 private:
  std::string expected_;
  Crc32c crc_;
};

}  // namespace

std::string crc32c_text(const Content& content) {
  Crc32c crc;
  for (const std::string_view piece : content.pieces()) {
    crc.process_bytes(piece.data(), piece.size());
  }
  return text_of(crc);
}

std::unique_ptr<BodyCheck> make_crc32c_check(std::string_view field) {
  constexpr std::string_view kName = "crc32c=";
  while (!field.empty()) {
    const std::size_t comma = std::min(field.find(','), field.size());
    const std::string_view hash = trim(field.substr(0, comma));
    if (hash.starts_with(kName)) {
      return std::make_unique<Crc32cCheck>(std::string(hash.substr(kName.size())));
    }
    field.remove_prefix(std::min(comma + 1, field.size()));
  }
  return nullptr;
}

}  // namespace chartmuseum::storage::google

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/remote/protocol.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace chartmuseum::storage::google {

/// CRC-32C (RFC 3720, appendix B.4) as Google's services write it: base64 of its four bytes, the
/// highest first (https://cloud.google.com/storage/docs/data-validation).
[[nodiscard]] std::string crc32c_text(const Content& content);

/// Whether what is read has the checksum of an x-goog-hash field, which lists "crc32c=..." and
/// "md5=..." with commas. Null if `field` names no CRC-32C.
[[nodiscard]] std::unique_ptr<BodyCheck> make_crc32c_check(std::string_view field);

}  // namespace chartmuseum::storage::google

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/openssl_pointers.hpp"

#include <cstddef>
#include <expected>
#include <filesystem>
#include <string>
#include <vector>

namespace chartmuseum::http {

/// Files in PEM (RFC 7468), as an operator writes them. An error is one line that names the file,
/// what is wrong with it and what to do; it never holds what stands in the file. Each reads its
/// file to the end and may block.

/// Far more than the authorities of a whole system take.
inline constexpr std::size_t kLargestPemFile = 1U << 20;

/// The certificates of a file in their order, at least one.
[[nodiscard]] std::expected<std::vector<CertificatePointer>, std::string> read_certificates(
    const std::filesystem::path& path);

/// The same for certificates that sign others: at least one of them may (RFC 5280, 4.2.1.9).
[[nodiscard]] std::expected<std::vector<CertificatePointer>, std::string> read_authorities(
    const std::filesystem::path& path);

/// The private key of a file, which must not be encrypted: nobody is there to type its passphrase.
[[nodiscard]] std::expected<KeyPointer, std::string> read_private_key(
    const std::filesystem::path& path);

/// Takes the reason of the last error off OpenSSL's queue of this thread, and empties it.
[[nodiscard]] std::string take_openssl_error();

}  // namespace chartmuseum::http

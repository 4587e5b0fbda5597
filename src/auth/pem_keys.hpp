// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/verification_key.hpp"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::auth {

/// Reads the public keys of a PEM text (RFC 7468) with one to sixteen blocks: PUBLIC KEY, RSA
/// PUBLIC KEY (PKCS #1) and CERTIFICATE, of which only the key counts, as for the Go server. The
/// error names the block ("block 2: ...") and never holds anything of it; a private key is one,
/// because it must not lie where only the public one is needed.
[[nodiscard]] std::expected<std::vector<VerificationKey>, std::string> read_pem_keys(
    std::string_view pem);

}  // namespace chartmuseum::auth

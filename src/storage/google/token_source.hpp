// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "storage/failure.hpp"
#include "storage/remote/renewed.hpp"

#include <string>

namespace chartmuseum::storage::google {

/// The scopes that are asked for (https://developers.google.com/identity/protocols/oauth2/scopes).
inline constexpr const char* kStorageScope =
    "https://www.googleapis.com/auth/devstorage.full_control";
/// For tokens that get other tokens.
inline constexpr const char* kPlatformScope = "https://www.googleapis.com/auth/cloud-platform";

/// Somebody whom Google knows, who can be given access tokens. Thread-safe.
class TokenSource {
 public:
  virtual ~TokenSource() = default;
  /// A token that is good for headers. `denied` where the credentials are refused, `unavailable`
  /// where nobody could be asked; the detail names what was asked, and no secrets.
  virtual Task<Result<Expiring<std::string>>> fetch(std::string scope) = 0;
};

}  // namespace chartmuseum::storage::google

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace chartmuseum::auth {

/// Why a token does not let anybody in.
struct TokenRefusal {
  enum class Cause {
    malformed,         // not a signed token in compact form, or with a broken header
    algorithm,         // one that is not accepted
    unknown_key,       // no key fits its algorithm and key id
    signature,         // not made with that key
    claims,            // signed, but its claims are not as RFC 7519 has them
    expired,           // too old
    not_yet_valid,     // its time is still to come, or it was issued in the future
    issuer,            // somebody else's
    audience,          // meant for another service
    keys_unavailable,  // the issuer cannot be asked for its keys; not the client's fault
  };
  Cause cause = Cause::malformed;
  std::string reason;  // for the log: never holds the token, nor a part of it that may be secret
};

}  // namespace chartmuseum::auth

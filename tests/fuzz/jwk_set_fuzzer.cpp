// SPDX-License-Identifier: Apache-2.0
// What an issuer answers may be anything: its key set, and its description of itself.
#include "auth/jwk_set.hpp"
#include "auth/openid_discovery.hpp"
#include "auth/web_address.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace auth = chartmuseum::auth;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto set = auth::read_jwk_set(text)) {
    if (set->keys.size() + set->skipped.size() > 101) std::abort();
    for (const auth::VerificationKey& key : set->keys) {
      for (const auto algorithm : {auth::SignatureAlgorithm::rs256, auth::SignatureAlgorithm::ps512,
                                   auth::SignatureAlgorithm::es256, auth::SignatureAlgorithm::es384,
                                   auth::SignatureAlgorithm::eddsa}) {
        for (const std::size_t length : {std::size_t{64}, std::size_t{96}, std::size_t{256}}) {
          (void)key.verify(algorithm, "text", std::string(length, '\x5a'));
        }
      }
    }
  }
  const auth::IssuerName issuer =
      auth::IssuerName::read("https://login.example.com", false).value();
  if (const auto url = auth::read_discovery(text, issuer)) {
    const auto address = auth::WebAddress::read(*url);
    if (!address || !address->https) std::abort();
  }
  if (const auto name = auth::IssuerName::read(std::string(text), false)) {
    if (!auth::WebAddress::read(name->discovery_url())) {
      // Only for its length.
      if (text.size() < 1900) std::abort();
    }
  }
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
#include "auth/token.hpp"

#include "auth/base64url.hpp"
#include "encoding/json_text.hpp"

#include <boost/json/object.hpp>

#include <utility>

namespace chartmuseum::auth {

namespace {

using Cause = TokenRefusal::Cause;

std::unexpected<TokenRefusal> refuse(Cause cause, std::string reason) {
  return std::unexpected(TokenRefusal{cause, std::move(reason)});
}

}  // namespace

std::expected<SignedToken, TokenRefusal> SignedToken::parse(std::string_view text) {
  if (text.size() > kLargestToken) return refuse(Cause::malformed, "it is larger than 16 KiB");
  const std::size_t first = text.find('.');
  const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (second == std::string_view::npos || text.find('.', second + 1) != std::string_view::npos) {
    return refuse(Cause::malformed, "it does not have three parts");
  }

  const auto header_text = decode_base64url(text.substr(0, first));
  auto signature = decode_base64url(text.substr(second + 1));
  if (!header_text || !signature) return refuse(Cause::malformed, "a part is not base64url");
  const auto header = encoding::read_json_object(*header_text);
  if (!header) return refuse(Cause::malformed, "its header is no JSON object");
  if (header->contains("crit")) {
    return refuse(Cause::malformed, "its header asks for extensions (crit)");
  }
  std::optional<std::string> key_id;
  if (header->contains("kid")) {
    key_id = encoding::string_member(*header, "kid");
    if (!key_id) return refuse(Cause::malformed, "its kid is no text");
  }
  const auto name = encoding::string_member(*header, "alg");
  if (!name) return refuse(Cause::malformed, "its header names no algorithm");
  const auto algorithm = signature_algorithm_from(*name);
  if (!algorithm) {
    // "none" and HMAC's are among them.
    return refuse(Cause::algorithm,
                  "its algorithm " + std::string(name->substr(0, 32)) + " is not accepted");
  }
  return SignedToken{*algorithm, std::move(key_id), text.substr(0, second),
                     text.substr(first + 1, second - first - 1), std::move(*signature)};
}

}  // namespace chartmuseum::auth

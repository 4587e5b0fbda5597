// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/credential_json.hpp"

#include "base/timestamp.hpp"
#include "encoding/json_text.hpp"

namespace chartmuseum::storage::amazon {

std::optional<Expiring<Credentials>> read_credentials(std::string_view json) {
  const auto object = encoding::read_json_object(json);
  if (!object) return std::nullopt;
  const auto member = [&](std::string_view name) {
    return std::string(encoding::string_member(*object, name).value_or(""));
  };
  Expiring<Credentials> found{{member("AccessKeyId"), member("SecretAccessKey"), member("Token")}};
  if (found.value.session_token.empty()) found.value.session_token = member("SessionToken");
  if (found.value.access_key.empty() || found.value.secret_key.empty()) return std::nullopt;
  if (object->contains("Expiration") && !object->at("Expiration").is_null()) {
    const auto expires = parse_rfc3339(member("Expiration"));
    if (!expires) return std::nullopt;
    found.expires = *expires;
  }
  return found;
}

}  // namespace chartmuseum::storage::amazon

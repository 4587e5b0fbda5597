// SPDX-License-Identifier: Apache-2.0
#include "auth/openid_discovery.hpp"

#include "auth/web_address.hpp"
#include "encoding/json_text.hpp"

#include <boost/json/object.hpp>

#include <utility>

namespace chartmuseum::auth {

std::expected<IssuerName, std::string> IssuerName::read(std::string url, bool allow_http) {
  const auto address = WebAddress::read(url);
  if (!address || address->query) {
    return std::unexpected(
        "an issuer is a URL like https://login.example.com/realm, without user, query and "
        "fragment");
  }
  if (!address->https && !address->loopback && !allow_http) {
    return std::unexpected(
        "an issuer is asked by https; by http, anybody on the way could give us keys");
  }
  return IssuerName{std::move(url), !address->https};
}

std::string IssuerName::discovery_url() const {
  std::string_view base = url;
  if (base.ends_with('/')) base.remove_suffix(1);
  return std::string(base) + "/.well-known/openid-configuration";
}

std::expected<std::string, std::string> read_discovery(std::string_view document,
                                                       const IssuerName& issuer) {
  const auto object = encoding::read_json_object(document);
  if (!object) return std::unexpected("its description is no JSON object");
  const auto name = encoding::string_member(*object, "issuer");
  if (name != issuer.url) {
    // The usual cause is a slash at the end, which the message lets people see.
    return std::unexpected("its description is of the issuer \"" +
                           std::string(name.value_or("").substr(0, 256)) + "\", not of \"" +
                           issuer.url + '"');
  }
  const auto keys = encoding::string_member(*object, "jwks_uri");
  const auto address = keys ? WebAddress::read(*keys) : std::nullopt;
  if (!address) return std::unexpected("its description has no jwks_uri that is a plain URL");
  if (!address->https && !issuer.plain_http) {
    return std::unexpected("its jwks_uri is not https");
  }
  return std::string(*keys);
}

}  // namespace chartmuseum::auth

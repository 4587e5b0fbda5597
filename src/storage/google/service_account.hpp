// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/google/token_source.hpp"
#include "storage/google/url_signer.hpp"
#include "storage/remote/rsa_key.hpp"
#include "transport/client.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <expected>
#include <functional>
#include <memory>
#include <string>

namespace chartmuseum::storage::google {

/// A service account whose private key is at hand: it signs what asks for its tokens
/// (https://developers.google.com/identity/protocols/oauth2/service-account#httprest, RFC 7523).
class ServiceAccount final : public TokenSource {
 public:
  using Now = std::function<std::chrono::system_clock::time_point()>;

  /// Of a file of type "service_account". The error says what of it cannot be used.
  [[nodiscard]] static std::expected<std::shared_ptr<ServiceAccount>, std::string> read(
      const boost::json::object& file, std::shared_ptr<transport::Client> client,
      Now now = std::chrono::system_clock::now);

  Task<Result<Expiring<std::string>>> fetch(std::string scope) override;

  [[nodiscard]] UrlSigner url_signer() const { return {email_, key_}; }

 private:
  ServiceAccount(std::shared_ptr<transport::Client> client, Now now, std::string email,
                 std::string key_id, std::string token_url, RsaKey key);

  [[nodiscard]] std::string assertion(const std::string& scope,
                                      std::chrono::system_clock::time_point issued) const;

  const std::shared_ptr<transport::Client> client_;
  const Now now_;
  const std::string email_;
  const std::string key_id_;
  const std::string token_url_;
  const RsaKey key_;
};

}  // namespace chartmuseum::storage::google

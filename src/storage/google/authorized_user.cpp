// SPDX-License-Identifier: Apache-2.0
#include "storage/google/authorized_user.hpp"

#include "encoding/json_text.hpp"
#include "storage/google/token_request.hpp"

#include <utility>

namespace chartmuseum::storage::google {

namespace {

class AuthorizedUser final : public TokenSource {
 public:
  AuthorizedUser(std::shared_ptr<transport::Client> client, std::string url, QueryParameters form)
      : client_(std::move(client)), url_(std::move(url)), form_(std::move(form)) {}

  Task<Result<Expiring<std::string>>> fetch(std::string /*scope*/) override {
    Task<Result<transport::Response>> asking = ask_for_token(client_, form_request(url_, form_));
    auto answer = co_await std::move(asking);
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    co_return token_in(*answer, url_ + ", asked to renew a login,");
  }

 private:
  const std::shared_ptr<transport::Client> client_;
  const std::string url_;
  const QueryParameters form_;
};

}  // namespace

std::expected<std::shared_ptr<TokenSource>, std::string> read_authorized_user(
    const boost::json::object& file, std::shared_ptr<transport::Client> client) {
  QueryParameters form{{"grant_type", "refresh_token"}};
  for (const char* const name : {"client_id", "client_secret", "refresh_token"}) {
    const auto value = encoding::string_member(file, name);
    if (!value || value->empty()) {
      return std::unexpected("it has no \"" + std::string(name) + "\"");
    }
    form.emplace_back(name, *value);
  }
  auto url = url_member(file, "token_uri", "https://oauth2.googleapis.com/token");
  if (!url) return std::unexpected(std::move(url.error()));
  return std::make_shared<AuthorizedUser>(std::move(client), std::move(*url), std::move(form));
}

}  // namespace chartmuseum::storage::google

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conformance/run_task.hpp"
#include "encoding/json_text.hpp"
#include "storage/google/token_source.hpp"
#include "storage/remote/hashes.hpp"
#include "unit/storage/google/google_fixture.hpp"
#include "unit/storage/google/published_account.hpp"

#include <boost/json/serialize.hpp>

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace chartmuseum::storage::google::test {

/// The parameters of a form.
inline std::map<std::string, std::string> form_in(std::string_view body) {
  const auto decoded = [](std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '%') {
        plain += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
        i += 2;
      } else {
        plain += text[i];
      }
    }
    return plain;
  };
  std::map<std::string, std::string> form;
  while (!body.empty()) {
    const std::string_view pair = body.substr(0, body.find('&'));
    const std::size_t equals = pair.find('=');
    form[decoded(pair.substr(0, equals))] = decoded(pair.substr(equals + 1));
    body.remove_prefix(std::min(pair.size() + 1, body.size()));
  }
  return form;
}

inline boost::json::object json_of_base64url(std::string text) {
  std::ranges::replace(text, '-', '+');
  std::ranges::replace(text, '_', '/');
  text.resize((text.size() + 3) / 4 * 4, '=');
  return encoding::read_json_object(from_base64(text).value()).value();
}

inline std::string token_answer(const std::string& token, int seconds = 3600) {
  return ok(R"({"access_token":")" + token + R"(","token_type":"Bearer","expires_in":)" +
            std::to_string(seconds) + "}");
}

/// A file of credentials whose token_uri is a test's server.
inline boost::json::object service_account_file(const std::string& url) {
  return {{"type", "service_account"},
          {"client_email", kPublishedAccount},
          {"private_key", kPublishedKey},
          {"private_key_id", "ffff"},
          {"token_uri", url}};
}

inline boost::json::object authorized_user_file(const std::string& url) {
  return {{"type", "authorized_user"},
          {"client_id", "the-client"},
          {"client_secret", "the-secret"},
          {"refresh_token", "1//refresh"},
          {"token_uri", url}};
}

/// Whoever hands out tokens is a script.
class TokenTest : public testing::Test {
 protected:
  void serve(std::function<std::string(const ReceivedRequest&)> answer) {
    server_ = std::make_unique<FaultyServer>(transport::test::answering(
        [this, answer = std::move(answer)](const ReceivedRequest& request) {
          const std::lock_guard lock(mutex_);
          requests_.push_back(request);
          return answer(request);
        }));
  }

  [[nodiscard]] std::vector<ReceivedRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  /// The token, or the kind of failure.
  static std::string token_of(TokenSource& source) {
    const auto token = run_task(source.fetch(kStorageScope));
    return token ? token->value : name_of(token.error().kind);
  }

  static std::string detail_of(TokenSource& source) {
    const auto token = run_task(source.fetch(kStorageScope));
    return token ? "" : token.error().detail;
  }

  std::shared_ptr<transport::Client> client_ = std::make_shared<transport::Client>();
  std::unique_ptr<FaultyServer> server_;

 private:
  mutable std::mutex mutex_;
  std::vector<ReceivedRequest> requests_;
};

}  // namespace chartmuseum::storage::google::test

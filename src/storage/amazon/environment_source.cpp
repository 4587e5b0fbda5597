// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/credential_sources.hpp"

#include <utility>

namespace chartmuseum::storage::amazon {

namespace {

class EnvironmentSource final : public CredentialSource {
 public:
  explicit EnvironmentSource(Environment environment) : environment_(std::move(environment)) {}

  [[nodiscard]] std::string name() const override {
    return "the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)";
  }

  Task<FoundCredentials> find() override {
    Credentials credentials{first("AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY"),
                            first("AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY"),
                            environment_("AWS_SESSION_TOKEN").value_or("")};
    if (credentials.access_key.empty() && credentials.secret_key.empty()) co_return std::nullopt;
    if (credentials.access_key.empty() || credentials.secret_key.empty()) {
      co_return std::unexpected(Failure{
          FailureKind::denied,
          "of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only one is set in the environment"});
    }
    co_return Expiring<Credentials>{std::move(credentials)};
  }

 private:
  [[nodiscard]] std::string first(const std::string& name, const std::string& other) const {
    std::string value = environment_(name).value_or("");
    return value.empty() ? environment_(other).value_or("") : value;
  }

  const Environment environment_;
};

}  // namespace

std::shared_ptr<CredentialSource> environment_source(const CredentialGround& ground) {
  return std::make_shared<EnvironmentSource>(ground.environment);
}

}  // namespace chartmuseum::storage::amazon

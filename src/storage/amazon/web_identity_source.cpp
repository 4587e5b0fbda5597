// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/credential_sources.hpp"
#include "storage/amazon/token_service.hpp"

#include <utility>

namespace chartmuseum::storage::amazon {

namespace {

class WebIdentitySource final : public CredentialSource {
 public:
  explicit WebIdentitySource(CredentialGround ground) : ground_(std::move(ground)) {}

  [[nodiscard]] std::string name() const override {
    return "a web identity (AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN)";
  }

  Task<FoundCredentials> find() override {
    std::string file = ground_.environment("AWS_WEB_IDENTITY_TOKEN_FILE").value_or("");
    if (file.empty()) co_return std::nullopt;
    RoleRequest role{.arn = ground_.environment("AWS_ROLE_ARN").value_or(""),
                     .session_name = ground_.environment("AWS_ROLE_SESSION_NAME").value_or(""),
                     .external_id = {},
                     .duration = {}};
    if (role.arn.empty()) {
      co_return std::unexpected(Failure{
          FailureKind::denied, "AWS_WEB_IDENTITY_TOKEN_FILE is set, and AWS_ROLE_ARN is not"});
    }
    Task<Result<Expiring<Credentials>>> assuming =
        assume_role_with_web_identity(ground_, std::move(role), std::move(file));
    auto assumed = co_await std::move(assuming);
    if (!assumed) co_return std::unexpected(std::move(assumed.error()));
    co_return std::move(*assumed);
  }

 private:
  const CredentialGround ground_;
};

}  // namespace

std::shared_ptr<CredentialSource> web_identity_source(const CredentialGround& ground) {
  return std::make_shared<WebIdentitySource>(ground);
}

}  // namespace chartmuseum::storage::amazon

// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/credential_json.hpp"
#include "storage/amazon/credential_process.hpp"
#include "storage/amazon/credential_sources.hpp"
#include "storage/amazon/shared_config.hpp"
#include "storage/amazon/token_service.hpp"

#include <algorithm>
#include <utility>

namespace chartmuseum::storage::amazon {

namespace {

std::string setting(const Profile& profile, const std::string& name) {
  const auto place = profile.find(name);
  return place == profile.end() ? std::string() : place->second;
}

Failure denied(std::string detail) {
  return {FailureKind::denied, std::move(detail)};
}

std::optional<Expiring<Credentials>> static_keys(const Profile& profile) {
  Credentials keys{setting(profile, "aws_access_key_id"), setting(profile, "aws_secret_access_key"),
                   setting(profile, "aws_session_token")};
  if (keys.access_key.empty() || keys.secret_key.empty()) return std::nullopt;
  return Expiring<Credentials>{std::move(keys)};
}

/// What the credentials expire with: those of a role also with the ones that it was assumed by.
class ProfileSource final : public CredentialSource {
 public:
  explicit ProfileSource(CredentialGround ground) : ground_(std::move(ground)) {}

  [[nodiscard]] std::string name() const override {
    return "the profile " + chosen_profile(ground_.environment).value_or("default") +
           " of ~/.aws/credentials and ~/.aws/config (AWS_PROFILE, AWS_SHARED_CREDENTIALS_FILE, "
           "AWS_CONFIG_FILE)";
  }

  /// The files are read each time: somebody may have replaced them.
  Task<FoundCredentials> find() override {
    const auto chosen = chosen_profile(ground_.environment);
    auto config = std::make_shared<const SharedConfig>(SharedConfig::read(ground_.environment));
    const std::string profile = chosen.value_or("default");
    if (config->profile(profile) == nullptr) {
      if (!chosen) co_return std::nullopt;
      co_return std::unexpected(
          denied("the profile " + profile + " (AWS_PROFILE) is in neither of the shared files"));
    }
    Task<FoundCredentials> resolving = resolve(std::move(config), profile, {});
    co_return co_await std::move(resolving);
  }

 private:
  /// `above`: the profiles that refer to this one.
  Task<FoundCredentials> resolve(std::shared_ptr<const SharedConfig> config, std::string name,
                                 std::vector<std::string> above) {
    const Profile* const profile = config->profile(name);
    if (profile == nullptr) {
      co_return std::unexpected(
          denied("the source_profile " + name + " is in neither of the shared files"));
    }
    // A role may name its own profile as the source of the keys that assume it.
    const bool is_own_source = !above.empty() && above.back() == name;
    if (!is_own_source && std::ranges::find(above, name) != above.end()) {
      co_return std::unexpected(denied("the source_profile of " + name + " leads back to itself"));
    }
    if (!is_own_source && !setting(*profile, "role_arn").empty()) {
      above.push_back(name);
      Task<FoundCredentials> assuming = role(std::move(config), *profile, std::move(above));
      co_return co_await std::move(assuming);
    }
    if (auto keys = static_keys(*profile)) co_return std::move(*keys);
    std::string command = setting(*profile, "credential_process");
    if (!command.empty()) {
      Task<Result<std::string>> running = process_.run(std::move(command));
      auto output = co_await std::move(running);
      if (!output) co_return std::unexpected(std::move(output.error()));
      auto found = read_credentials(*output);
      if (!found) {
        co_return std::unexpected(
            denied("the credential_process of the profile " + name + " prints no credentials"));
      }
      co_return std::move(*found);
    }
    if (!setting(*profile, "sso_session").empty() || !setting(*profile, "sso_start_url").empty()) {
      co_return std::unexpected(
          denied("the profile " + name +
                 " signs in by IAM Identity Center, which is for people; give "
                 "the server a role or keys"));
    }
    if (above.empty()) co_return std::nullopt;  // of the region alone, say
    co_return std::unexpected(denied("the source_profile " + name + " has no credentials"));
  }

  /// The last of `above` is the profile itself.
  Task<FoundCredentials> role(std::shared_ptr<const SharedConfig> config, Profile profile,
                              std::vector<std::string> above) {
    RoleRequest request{.arn = setting(profile, "role_arn"),
                        .session_name = setting(profile, "role_session_name"),
                        .external_id = setting(profile, "external_id"),
                        .duration = setting(profile, "duration_seconds")};
    if (!setting(profile, "mfa_serial").empty()) {
      co_return std::unexpected(
          denied("the profile " + above.back() +
                 " asks for a second factor (mfa_serial), which a server does not have"));
    }
    std::string token_file = setting(profile, "web_identity_token_file");
    if (!token_file.empty()) {
      Task<Result<Expiring<Credentials>>> assuming =
          assume_role_with_web_identity(ground_, std::move(request), std::move(token_file));
      auto assumed = co_await std::move(assuming);
      if (!assumed) co_return std::unexpected(std::move(assumed.error()));
      co_return std::move(*assumed);
    }
    Task<FoundCredentials> finding = assuming_credentials(std::move(config), profile, above);
    auto with = co_await std::move(finding);
    if (!with) co_return with;
    if (!*with) {
      co_return std::unexpected(
          denied("the profile " + above.back() +
                 " has a role_arn, and nothing to assume it with: source_profile, "
                 "credential_source or web_identity_token_file"));
    }
    Task<Result<Expiring<Credentials>>> assuming =
        assume_role(ground_, std::move(request), std::move((*with)->value));
    auto assumed = co_await std::move(assuming);
    if (!assumed) co_return std::unexpected(std::move(assumed.error()));
    co_return std::move(*assumed);
  }

  Task<FoundCredentials> assuming_credentials(std::shared_ptr<const SharedConfig> config,
                                              Profile profile, std::vector<std::string> above) {
    std::string other = setting(profile, "source_profile");
    if (!other.empty()) {
      Task<FoundCredentials> resolving =
          resolve(std::move(config), std::move(other), std::move(above));
      co_return co_await std::move(resolving);
    }
    const std::string kind = setting(profile, "credential_source");
    std::shared_ptr<CredentialSource> source;
    if (kind == "Environment") source = environment_source(ground_);
    if (kind == "EcsContainer") source = container_source(ground_);
    if (kind == "Ec2InstanceMetadata") source = instance_source(ground_);
    if (!source) co_return std::nullopt;
    Task<FoundCredentials> finding = source->find();
    co_return co_await std::move(finding);
  }

  const CredentialGround ground_;
  CredentialProcess process_;
};

}  // namespace

std::shared_ptr<CredentialSource> profile_source(const CredentialGround& ground) {
  return std::make_shared<ProfileSource>(ground);
}

}  // namespace chartmuseum::storage::amazon

// SPDX-License-Identifier: Apache-2.0
#include "base/ascii.hpp"
#include "storage/amazon/credential_json.hpp"
#include "storage/amazon/credential_sources.hpp"
#include "storage/remote/uri.hpp"
#include "transport/retry.hpp"

#include <utility>

namespace chartmuseum::storage::amazon {

namespace {

constexpr std::string_view kRoles = "/latest/meta-data/iam/security-credentials/";

/// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
class InstanceSource final : public CredentialSource {
 public:
  explicit InstanceSource(CredentialGround ground) : ground_(std::move(ground)) {
    endpoint_ = variable("AWS_EC2_METADATA_SERVICE_ENDPOINT");
    is_named_ = !endpoint_.empty();
    if (!is_named_) {
      endpoint_ = equal_ignoring_case(variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"), "ipv6")
                      ? "http://[fd00:ec2::254]"
                      : "http://169.254.169.254";
    }
    while (endpoint_.ends_with('/')) endpoint_.pop_back();
  }

  [[nodiscard]] std::string name() const override {
    return is_disabled() ? "no instance metadata (AWS_EC2_METADATA_DISABLED)"
                         : "the instance's metadata at " + endpoint_;
  }

  Task<FoundCredentials> find() override {
    if (is_disabled()) co_return std::nullopt;
    Task<Result<std::string>> asking_token =
        ask("PUT", "/latest/api/token", {{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}});
    auto token = co_await std::move(asking_token);
    if (!token) co_return std::unexpected(std::move(token.error()));
    const transport::Headers headers{{"X-aws-ec2-metadata-token", *token}};
    Task<Result<std::string>> asking_roles = ask("GET", std::string(kRoles), headers);
    auto roles = co_await std::move(asking_roles);
    if (!roles) co_return std::unexpected(std::move(roles.error()));
    const std::string role(trim(roles->substr(0, roles->find_first_of("\r\n"))));
    if (role.empty()) co_return std::unexpected(failure("it names no role"));
    Task<Result<std::string>> asking_credentials =
        ask("GET", std::string(kRoles) + percent_encoded(role, "+=,@"), headers);
    auto json = co_await std::move(asking_credentials);
    if (!json) co_return std::unexpected(std::move(json.error()));
    auto found = read_credentials(*json);
    if (!found) co_return std::unexpected(failure("it holds no credentials of the role " + role));
    co_return std::move(*found);
  }

 private:
  Task<Result<std::string>> ask(std::string method, std::string path, transport::Headers headers) {
    transport::Request request;
    request.method = std::move(method);
    request.url = endpoint_ + path;
    request.headers = std::move(headers);
    if (request.method == "PUT") request.body = transport::body_of(std::string());
    request.response_limit = 64UL * 1024;
    // Where there is no such service, its address may not even refuse.
    request.timeouts.connect = std::chrono::seconds(1);
    request.timeouts.whole = std::chrono::seconds(1);
    const std::shared_ptr<transport::Client> client = ground_.direct();
    Task<transport::Result<transport::Response>> sending =
        transport::send_with_retries(*client, std::move(request), {.attempts = 2});
    auto answer = co_await std::move(sending);
    if (!answer) {
      // Most machines that do not have it are no instances at all.
      const FailureKind kind = is_named_ ? FailureKind::unavailable : FailureKind::denied;
      co_return std::unexpected(Failure{kind, asking() + answer.error().detail});
    }
    if (answer->status == 404 && path == kRoles) {
      co_return std::unexpected(
          Failure{FailureKind::denied, asking() + "the instance has no role"});
    }
    if (answer->status != 200) {
      co_return std::unexpected(failure("status " + std::to_string(answer->status)));
    }
    co_return std::move(answer->body);
  }

  [[nodiscard]] Failure failure(const std::string& problem) const {
    return {FailureKind::unavailable, asking() + problem};
  }

  [[nodiscard]] std::string asking() const {
    return "asking the instance's metadata service " + endpoint_ + " for credentials: ";
  }

  [[nodiscard]] bool is_disabled() const {
    return equal_ignoring_case(variable("AWS_EC2_METADATA_DISABLED"), "true");
  }

  [[nodiscard]] std::string variable(const std::string& name) const {
    return ground_.environment(name).value_or("");
  }

  const CredentialGround ground_;
  std::string endpoint_;
  bool is_named_ = false;  // by whoever started the program
};

}  // namespace

std::shared_ptr<CredentialSource> instance_source(const CredentialGround& ground) {
  return std::make_shared<InstanceSource>(ground);
}

}  // namespace chartmuseum::storage::amazon

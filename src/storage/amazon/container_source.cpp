// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/credential_json.hpp"
#include "storage/amazon/credential_sources.hpp"
#include "storage/remote/caller.hpp"
#include "storage/remote/small_file.hpp"
#include "transport/retry.hpp"
#include "transport/url.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace chartmuseum::storage::amazon {

namespace {

/// Plain http goes only to this machine, and to the addresses that ECS and EKS have on it.
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
bool may_be_asked(std::string_view url) {
  if (transport::has_scheme(url, "https")) return true;
  if (!transport::has_scheme(url, "http")) return false;
  const std::size_t begin = url.find("://");
  if (begin == std::string_view::npos) return false;
  std::string_view host = url.substr(begin + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  if (host.contains('@') || host.contains('\\')) return false;
  if (const std::size_t bracket = host.find(']'); bracket != std::string_view::npos) {
    host = host.substr(0, bracket + 1);
  } else {
    host = host.substr(0, host.find(':'));
  }
  static constexpr std::array<std::string_view, 5> kHosts{"localhost", "[::1]", "169.254.170.2",
                                                          "169.254.170.23", "[fd00:ec2::23]"};
  const bool is_loopback =
      host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos;
  return is_loopback || std::ranges::find(kHosts, host) != kHosts.end();
}

class ContainerSource final : public CredentialSource {
 public:
  explicit ContainerSource(CredentialGround ground) : ground_(std::move(ground)) {}

  [[nodiscard]] std::string name() const override {
    return "the container (AWS_CONTAINER_CREDENTIALS_FULL_URI, _RELATIVE_URI)";
  }

  Task<FoundCredentials> find() override {
    transport::Request request;
    if (const std::string relative = variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
        !relative.empty()) {
      if (!relative.starts_with('/'))
        co_return denied("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI does not begin with /");
      request.url = "http://169.254.170.2" + relative;
    } else {
      request.url = variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
      if (request.url.empty()) co_return std::nullopt;
      if (!may_be_asked(request.url)) {
        co_return denied(
            "AWS_CONTAINER_CREDENTIALS_FULL_URI is neither https nor of this machine or of ECS or "
            "EKS");
      }
    }
    const std::string file = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    std::string token = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    if (!file.empty()) {
      auto read = read_small_file(file, kLargestCredentials);
      if (!read) co_return denied("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: " + read.error());
      token = std::move(*read);
      while (token.ends_with('\n') || token.ends_with('\r')) token.pop_back();
    }
    if (!token.empty()) request.headers.set("Authorization", std::move(token));
    request.response_limit = 64UL * 1024;
    request.timeouts.connect = std::chrono::seconds(1);
    request.timeouts.whole = std::chrono::seconds(5);

    const std::string asking = "asking " + transport::redacted(request.url) + " for credentials: ";
    const std::shared_ptr<transport::Client> client = ground_.direct();
    Task<transport::Result<transport::Response>> sending =
        transport::send_with_retries(*client, std::move(request), {.attempts = 3});
    auto answer = co_await std::move(sending);
    if (!answer) {
      Failure failure = failure_of(std::move(answer.error()));
      failure.detail = asking + failure.detail;
      co_return std::unexpected(std::move(failure));
    }
    if (answer->status != 200) {
      co_return std::unexpected(Failure{
          transport::may_go_better(answer->status) ? FailureKind::unavailable : FailureKind::denied,
          asking + "status " + std::to_string(answer->status)});
    }
    auto found = read_credentials(answer->body);
    if (!found) {
      co_return std::unexpected(
          Failure{FailureKind::unavailable, asking + "the answer holds no credentials"});
    }
    co_return std::move(*found);
  }

 private:
  static std::unexpected<Failure> denied(std::string detail) {
    return std::unexpected(Failure{FailureKind::denied, std::move(detail)});
  }

  [[nodiscard]] std::string variable(const std::string& name) const {
    return ground_.environment(name).value_or("");
  }

  const CredentialGround ground_;
};

}  // namespace

std::shared_ptr<CredentialSource> container_source(const CredentialGround& ground) {
  return std::make_shared<ContainerSource>(ground);
}

}  // namespace chartmuseum::storage::amazon

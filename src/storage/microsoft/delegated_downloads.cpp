// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/delegated_downloads.hpp"

#include "base/timestamp.hpp"
#include "storage/microsoft/connection_string.hpp"
#include "storage/remote/renewed.hpp"

#include <algorithm>
#include <pugixml.hpp>
#include <utility>

namespace chartmuseum::storage::microsoft {

namespace {

using Clock = std::chrono::system_clock;

constexpr std::chrono::hours kKeyLasts{24};
constexpr std::chrono::hours kRenewedBefore{2};

class DelegatedSigner {
 public:
  DelegatedSigner(std::shared_ptr<Caller> caller, Account account, Service service,
                  const std::string& api_version)
      : caller_(std::move(caller)),
        account_(std::move(account)),
        service_(std::move(service)),
        api_version_(std::max(api_version, std::string(kSignatureVersion))),
        key_([this] { return fetch(); }, kRenewedBefore) {}

  Task<Result<std::optional<std::string>>> sign(std::string blob, std::chrono::seconds valid) {
    Task<Result<DelegationKey>> getting = key_.get();
    auto key = co_await std::move(getting);
    if (!key) co_return std::unexpected(std::move(key.error()));
    const DownloadGrant grant{
        .account = account_.name,
        .container = service_.container,
        .blob = std::move(blob),
        .expires = std::chrono::floor<std::chrono::seconds>(Clock::now()) + valid};
    co_return delegation_sas(grant, *key);
  }

 private:
  Task<Result<Expiring<DelegationKey>>> fetch() {
    const auto now = std::chrono::floor<std::chrono::seconds>(Clock::now());
    transport::Request request;
    request.method = "POST";
    request.url = service_.endpoint + "/?restype=service&comp=userdelegationkey";
    request.headers.set("x-ms-version", api_version_);
    request.headers.set("Content-Type", "application/xml");
    // It begins a little ago, in case that our clock is fast.
    request.body =
        transport::body_of("<?xml version=\"1.0\" encoding=\"utf-8\"?><KeyInfo><Start>" +
                           format_utc(now - std::chrono::minutes(5)) + "</Start><Expiry>" +
                           format_utc(now + kKeyLasts) + "</Expiry></KeyInfo>");
    Task<Result<transport::Response>> sending = caller_->send_repeatable(std::move(request));
    auto answer = co_await std::move(sending);
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    if (answer->status != 200) {
      auto failure = blob_refusal(*answer, service_);
      if (!failure) failure = Failure{FailureKind::unavailable, "its answer is about a blob"};
      failure->detail = "no key to sign downloads with: " + failure->detail;
      co_return std::unexpected(*std::move(failure));
    }
    auto key = read_delegation_key(answer->body);
    const auto expiry = key ? parse_rfc3339(key->expiry) : std::nullopt;
    if (!expiry) {
      co_return std::unexpected(
          Failure{FailureKind::unavailable, "no key to sign downloads with: the answer has none"});
    }
    co_return Expiring<DelegationKey>{*std::move(key),
                                      std::chrono::floor<Clock::duration>(*expiry)};
  }

  const std::shared_ptr<Caller> caller_;
  const Account account_;
  const Service service_;
  const std::string api_version_;
  Renewed<DelegationKey> key_;
};

}  // namespace

std::optional<DelegationKey> read_delegation_key(std::string_view xml) {
  pugi::xml_document document;
  if (!document.load_buffer(xml.data(), xml.size())) return std::nullopt;
  const pugi::xml_node given = document.child("UserDelegationKey");
  const auto field = [&](const char* name) -> std::string { return given.child_value(name); };
  auto value = read_account_key(field("Value"));
  if (!value) return std::nullopt;
  DelegationKey key{.object_id = field("SignedOid"),
                    .tenant_id = field("SignedTid"),
                    .start = field("SignedStart"),
                    .expiry = field("SignedExpiry"),
                    .service = field("SignedService"),
                    .version = field("SignedVersion"),
                    .value = *std::move(value)};
  for (const std::string& text :
       {key.object_id, key.tenant_id, key.start, key.expiry, key.service, key.version}) {
    if (text.empty() || text.size() > 64) return std::nullopt;  // it becomes part of URLs
  }
  return key;
}

SignDownload make_delegated_signer(std::shared_ptr<Caller> caller, Account account, Service service,
                                   std::string api_version) {
  auto signer = std::make_shared<DelegatedSigner>(std::move(caller), std::move(account),
                                                  std::move(service), api_version);
  return [signer = std::move(signer)](std::string blob, std::chrono::seconds valid) {
    return signer->sign(std::move(blob), valid);
  };
}

}  // namespace chartmuseum::storage::microsoft

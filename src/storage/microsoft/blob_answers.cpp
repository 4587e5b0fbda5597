// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/blob_answers.hpp"

#include "base/http_date.hpp"
#include "storage/microsoft/service_clock.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <pugixml.hpp>
#include <string_view>
#include <utility>

namespace chartmuseum::storage::microsoft {

namespace {

std::unexpected<Failure> unavailable(std::string detail) {
  return std::unexpected(Failure{FailureKind::unavailable, std::move(detail)});
}

std::optional<std::uint64_t> number(std::string_view digits) {
  std::uint64_t value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [read, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc() || read != end) return std::nullopt;
  return value;
}

std::string_view unquoted(std::string_view etag) {
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  if (etag.size() >= 2 && etag.starts_with('"') && etag.ends_with('"')) {
    etag = etag.substr(1, etag.size() - 2);
  }
  return etag;
}

bool is_code(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  });
}

struct Meaning {
  std::string_view code;
  FailureKind kind;
  std::string_view advice;
};

/// Of codes that say more than their status.
constexpr std::array kMeanings = {
    Meaning{"BlobAlreadyExists", FailureKind::conflict, ""},
    Meaning{"ConditionNotMet", FailureKind::conflict, ""},
    Meaning{"ContainerNotFound", FailureKind::denied,
            "create it, or correct --storage-microsoft-container"},
    Meaning{"ResourceNotFound", FailureKind::denied,
            "check --storage-microsoft-container and the account's name"},
    Meaning{"ContainerBeingDeleted", FailureKind::denied, "the container is being deleted"},
    Meaning{"ContainerDisabled", FailureKind::denied,
            "an administrator has disabled the container"},
    Meaning{"AccountIsDisabled", FailureKind::denied, "the storage account is disabled"},
    Meaning{"AuthorizationPermissionMismatch", FailureKind::denied,
            "give the identity the role Storage Blob Data Contributor, or the SAS the permissions "
            "racwdl"},
    Meaning{"AuthorizationFailure", FailureKind::denied,
            "check the permissions, and the account's network rules"},
    Meaning{"KeyBasedAuthenticationNotPermitted", FailureKind::denied,
            "the account allows no keys: use an identity"},
    Meaning{"BlobImmutableDueToPolicy", FailureKind::denied, "a policy forbids changing the blob"},
    Meaning{"BlobArchived", FailureKind::denied, "the blob is in the archive tier"},
    Meaning{"BlobBeingRehydrated", FailureKind::denied, "the blob is leaving the archive tier"},
    Meaning{"LeaseIdMissing", FailureKind::denied, "somebody holds a lease on the blob"},
    Meaning{"InvalidHeaderValue", FailureKind::denied,
            "perhaps the service is older than AZURE_API_VERSION"},
    Meaning{"OutOfRangeInput", FailureKind::invalid, ""},
    Meaning{"InvalidUri", FailureKind::invalid, ""},
    Meaning{"InvalidResourceName", FailureKind::invalid, ""},
    Meaning{"Md5Mismatch", FailureKind::unavailable, "the bytes were damaged on their way"},
    Meaning{"ServerBusy", FailureKind::throttled, ""},
    Meaning{"InvalidBlockList", FailureKind::throttled, "somebody else is writing the blob"},
};

FailureKind kind_of_status(unsigned status) {
  switch (status) {
    case 401:
    case 403:
      return FailureKind::denied;
    case 412:
      return FailureKind::conflict;
    case 413:
    case 414:
      return FailureKind::invalid;
    case 429:
      return FailureKind::throttled;
    default:
      return FailureKind::unavailable;
  }
}

std::string advice_on_credentials(const transport::Response& answer, const Service& service) {
  std::string advice = "check " + service.credentials;
  ServiceClock clock;
  if (clock.corrected_by(answer)) {
    advice += "; the clocks differ: the service's is " + std::to_string(clock.ahead().count()) +
              " s ahead of this machine's";
  }
  return advice;
}

}  // namespace

std::optional<std::uint64_t> length_of(const transport::Response& head) {
  const auto text = head.headers.get("content-length");
  return text ? number(*text) : std::nullopt;
}

std::optional<std::uint64_t> whole_length_of(const transport::Response& head) {
  const auto text = head.headers.get("content-range");
  if (!text || !text->starts_with("bytes ")) return std::nullopt;
  const std::size_t slash = text->find('/');
  return slash == std::string_view::npos ? std::nullopt : number(text->substr(slash + 1));
}

Result<Described> described(const transport::Response& head, std::uint64_t size) {
  const auto modified_text = head.headers.get("last-modified");
  const auto modified = modified_text ? parse_http_date(*modified_text) : std::nullopt;
  const auto etag = head.headers.get("etag");
  if (!modified || !etag || unquoted(*etag).empty()) {
    return unavailable(
        "an answer lacks ETag or Last-Modified: is it Blob Storage that "
        "answers?");
  }
  Described described;
  described.info.size = size;
  described.info.modified = *modified;
  described.info.etag = unquoted(*etag);
  if (const auto digest = head.headers.get(kDigestHeader)) {
    described.digest = Digest::from_hex(*digest);
  }
  described.upload = head.headers.get(kUploadHeader).value_or("");
  return described;
}

std::string error_code(const transport::Response& answer) {
  if (const auto code = answer.headers.get("x-ms-error-code")) {
    return is_code(*code) ? std::string(*code) : std::string();
  }
  pugi::xml_document document;
  if (!document.load_buffer(answer.body.data(), answer.body.size())) return {};
  const std::string_view code = document.child("Error").child_value("Code");
  return is_code(code) ? std::string(code) : std::string();
}

std::optional<Failure> blob_refusal(const transport::Response& answer, const Service& service) {
  const std::string code = error_code(answer);
  // Anything else that answers 404 (a proxy, a wrong host) says nothing of the object.
  if (answer.status == 404 && code == "BlobNotFound") return std::nullopt;
  Failure failure{kind_of_status(answer.status), "container \"" + service.container + "\" of " +
                                                     service.endpoint + ": status " +
                                                     std::to_string(answer.status)};
  if (!code.empty()) failure.detail += ' ' + code;
  const auto* const meaning = std::ranges::find(kMeanings, code, &Meaning::code);
  std::string advice;
  if (meaning != kMeanings.end()) {
    failure.kind = meaning->kind;
    advice = meaning->advice;
  } else if (failure.kind == FailureKind::denied) {
    advice = advice_on_credentials(answer, service);
  } else if (answer.status == 404 && code.empty()) {
    advice = "is it Blob Storage that answers?";
  }
  if (!advice.empty()) failure.detail += ": " + advice;
  return failure;
}

}  // namespace chartmuseum::storage::microsoft

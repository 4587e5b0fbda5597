// SPDX-License-Identifier: Apache-2.0
#include "storage/google/google_answers.hpp"

#include "base/ascii.hpp"
#include "base/http_date.hpp"
#include "encoding/json_text.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace chartmuseum::storage::google {

namespace {

namespace json = boost::json;
using encoding::string_member;

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

/// JSON has no room for 64 bits: such numbers are texts.
std::optional<std::uint64_t> number_member(const json::object& object, std::string_view name) {
  const auto text = string_member(object, name);
  return text ? number_in(*text) : std::nullopt;
}

std::unexpected<Failure> unusable(const std::string& problem) {
  return std::unexpected(
      Failure{FailureKind::unavailable, "Google Cloud Storage answered " + problem});
}

/// Of the whole object: "bytes 0-9/100".
std::optional<std::uint64_t> size_in_range(std::string_view range) {
  const std::size_t slash = range.find('/');
  if (!range.starts_with("bytes ") || slash == std::string_view::npos) return std::nullopt;
  return number_in(range.substr(slash + 1));
}

std::optional<std::uint64_t> size_beside(const transport::Response& head) {
  if (head.status == 206) {
    const auto range = head.headers.get("content-range");
    return range ? size_in_range(*range) : std::nullopt;
  }
  auto size = head.headers.get("x-goog-stored-content-length");
  if (!size) size = head.headers.get("content-length");
  return size ? number_in(*size) : std::nullopt;
}

/// Emulators may not tell it; then the object is as young as the answer.
std::optional<Timestamp> time_beside(const transport::Response& head) {
  for (const std::string_view name : {"last-modified", "date"}) {
    const auto text = head.headers.get(name);
    const auto instant = text ? parse_http_date(*text) : std::nullopt;
    if (instant) return *instant;
  }
  return std::nullopt;
}

struct Refused {
  std::string reason;   // "rateLimitExceeded"; empty if the answer has none
  std::string message;  // may be empty
};

/// https://cloud.google.com/storage/docs/json_api/v1/status-codes. Where bytes were asked for, the
/// answer is the message alone.
Refused read_refusal(const transport::Response& answer) {
  Refused refused{"", answer.body};
  const auto document = encoding::read_json_object(answer.body);
  const json::value* const error = document ? document->if_contains("error") : nullptr;
  if (error == nullptr || !error->is_object()) return refused;
  const json::object& members = error->get_object();
  refused.message = string_member(members, "message").value_or("");
  const json::value* const errors = members.if_contains("errors");
  if (errors != nullptr && errors->is_array() && !errors->get_array().empty()) {
    const json::value& first = errors->get_array().front();
    if (first.is_object())
      refused.reason = string_member(first.get_object(), "reason").value_or("");
  }
  return refused;
}

bool is_rate_limit(std::string_view reason) {
  return reason == "rateLimitExceeded" || reason == "userRateLimitExceeded" ||
         reason == "quotaExceeded";
}

/// "No such object: bucket/key", beside the bytes as text and elsewhere within JSON. Emulators have
/// been seen to say nothing but the status's words.
bool is_of_an_object(const Refused& refused) {
  return refused.reason == "notFound" || refused.message.contains("No such object") ||
         refused.message == "Not Found";
}

Failure failure(FailureKind kind, unsigned status, const Refused& refused,
                const std::string& advice) {
  std::string detail = "Google Cloud Storage answered " + std::to_string(status);
  if (const std::string said = said_in(refused.message); !said.empty()) detail += ": " + said;
  if (!advice.empty()) detail += "; " + advice;
  return {kind, std::move(detail)};
}

std::string bucket_advice(const std::string& bucket) {
  return "check that the bucket \"" + bucket + "\" (--storage-google-bucket) exists";
}

std::string permission_advice(const std::string& bucket) {
  return "check that the account has roles/storage.objectUser on the bucket \"" + bucket +
         "\" (--storage-google-bucket)";
}

Failure other_refusal(const transport::Response& answer, const Refused& refused,
                      const std::string& bucket) {
  const unsigned status = answer.status;
  switch (status) {
    case 400:  // of something between, it says nothing about the object
      return failure(
          refused.reason.starts_with("invalid") ? FailureKind::invalid : FailureKind::unavailable,
          status, refused, "");
    case 413:
    case 414:
      return failure(FailureKind::invalid, status, refused, "");
    case 401:
      return failure(FailureKind::denied, status, refused,
                     "check the credentials (GOOGLE_APPLICATION_CREDENTIALS)");
    case 403:
      if (is_rate_limit(refused.reason)) {
        return failure(FailureKind::throttled, status, refused, "");
      }
      return failure(FailureKind::denied, status, refused, permission_advice(bucket));
    case 412:
      return failure(FailureKind::conflict, status, refused, "");
    case 429:
      return failure(FailureKind::throttled, status, refused, "");
    default:
      return failure(FailureKind::unavailable, status, refused, "");
  }
}

}  // namespace

std::optional<Described> described_by_resource(const json::object& resource) {
  const auto size = number_member(resource, "size");
  const auto generation = number_member(resource, "generation");
  const auto updated = string_member(resource, "updated");
  const auto instant = updated ? parse_rfc3339(*updated) : std::nullopt;
  if (!size || !generation || !instant) return std::nullopt;
  Described described;
  described.info.size = *size;
  described.info.etag = std::to_string(*generation);
  described.info.modified = std::chrono::floor<std::chrono::seconds>(*instant);
  const json::value* const kept = resource.if_contains("metadata");
  if (kept != nullptr && kept->is_object()) {
    const auto digest = string_member(kept->get_object(), kDigestMember);
    if (digest) described.digest = Digest::from_hex(*digest);
    described.upload = string_member(kept->get_object(), kUploadMember).value_or("");
  }
  return described;
}

Result<Described> described_by_media(const transport::Response& head) {
  const auto size = size_beside(head);
  if (!size) return unusable("with an object, but not how long it is");
  const auto generation = head.headers.get("x-goog-generation");
  if (!generation || !number_in(*generation)) {
    return unusable("with an object, but not which generation of it");
  }
  const auto modified = time_beside(head);
  if (!modified) return unusable("with an object, but not from when it is");
  Described described;
  described.info.size = *size;
  described.info.etag = std::to_string(*number_in(*generation));
  described.info.modified = *modified;
  return described;
}

std::optional<ListedPage> read_page(std::string_view body, std::string_view prefix) {
  const auto document = encoding::read_json_object(body);
  // Of an empty list it is all there is: without it, anything would be one.
  if (!document || string_member(*document, "kind") != "storage#objects") return std::nullopt;
  ListedPage page;
  if (const json::value* const next = document->if_contains("nextPageToken")) {
    if (!next->is_string()) return std::nullopt;
    page.next = next->get_string();
  }
  const json::value* const items = document->if_contains("items");
  if (items == nullptr) return page;
  if (!items->is_array()) return std::nullopt;
  for (const json::value& item : items->get_array()) {
    if (!item.is_object()) return std::nullopt;
    const auto name = string_member(item.get_object(), "name");
    auto described = described_by_resource(item.get_object());
    if (!name || !name->starts_with(prefix) || !described) return std::nullopt;
    described->info.name = name->substr(prefix.size());
    if (described->info.name.contains('/')) continue;
    page.objects.push_back(std::move(described->info));
  }
  return page;
}

std::optional<Failure> refusal_by_google(const transport::Response& answer,
                                         const std::string& bucket) {
  const Refused refused = read_refusal(answer);
  if (answer.status != 404) return other_refusal(answer, refused, bucket);
  // "The specified bucket does not exist."
  if (refused.message.contains("bucket does not exist")) {
    return failure(FailureKind::denied, 404, refused, bucket_advice(bucket));
  }
  if (!is_of_an_object(refused)) {
    return failure(FailureKind::unavailable, 404, {}, "but not with what the service says then");
  }
  return std::nullopt;
}

Failure refusal_of_bucket(const transport::Response& answer, const std::string& bucket) {
  const Refused refused = read_refusal(answer);
  if (answer.status != 404) return other_refusal(answer, refused, bucket);
  return failure(FailureKind::denied, 404, refused, bucket_advice(bucket));
}

std::string said_in(std::string_view text) {
  constexpr std::size_t kLongest = 300;
  constexpr std::size_t kLongestWord = 80;
  std::string said;
  while (!text.empty() && said.size() < kLongest) {
    const auto* const end = std::ranges::find_if(text, [](char c) { return c <= ' ' || c > '~'; });
    const std::string_view word(text.begin(), end);
    if (!word.empty()) {
      if (!said.empty()) said += ' ';
      said += word.size() > kLongestWord ? "..." : word;
    }
    text.remove_prefix(std::min(word.size() + 1, text.size()));
  }
  if (said.size() > kLongest) said.resize(kLongest);
  return said;
}

}  // namespace chartmuseum::storage::google

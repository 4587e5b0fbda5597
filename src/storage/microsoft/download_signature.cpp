// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/download_signature.hpp"

#include "storage/remote/hashes.hpp"
#include "storage/remote/uri.hpp"

#include <array>
#include <cstdio>
#include <initializer_list>

namespace chartmuseum::storage::microsoft {

namespace {

constexpr std::string_view kRead = "r";
constexpr std::string_view kBlob = "b";

std::string lines(std::initializer_list<std::string_view> fields) {
  std::string text;
  for (const std::string_view field : fields) text.append(field).append("\n");
  return text;
}

std::string resource_of(const DownloadGrant& grant) {
  return "/blob/" + grant.account + '/' + grant.container + '/' + grant.blob;
}

std::string protocols_of(const DownloadGrant& grant) {
  return grant.https_only ? "https" : "https,http";
}

/// What both kinds end with: no snapshot, and none of the five headers that an answer may be given.
constexpr std::string_view kNoMore = "\n\n\n\n\n";

QueryParameters parameters_of(const DownloadGrant& grant) {
  return {{"sv", std::string(kSignatureVersion)},
          {"sr", std::string(kBlob)},
          {"sp", std::string(kRead)},
          {"se", format_utc(grant.expires)},
          {"spr", protocols_of(grant)}};
}

std::string signed_query(QueryParameters parameters, const AccountKey& key, std::string_view text) {
  parameters.emplace_back("sig", base64(hmac_sha256(key.bytes, text)));
  return query_string(parameters);
}

}  // namespace

std::string format_utc(std::chrono::sys_seconds instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(instant - day);
  std::array<char, 64> text{};
  const int size = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02ld:%02ld:%02ldZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<long>(time.hours().count()), static_cast<long>(time.minutes().count()),
      static_cast<long>(time.seconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string service_sas(const DownloadGrant& grant, const AccountKey& key) {
  std::string text = lines({kRead, "" /* start */, format_utc(grant.expires), resource_of(grant),
                            "" /* stored policy */, "" /* addresses */, protocols_of(grant),
                            kSignatureVersion, kBlob});
  return signed_query(parameters_of(grant), key, text.append(kNoMore));
}

std::string delegation_sas(const DownloadGrant& grant, const DelegationKey& key) {
  std::string text =
      lines({kRead, "" /* start */, format_utc(grant.expires), resource_of(grant), key.object_id,
             key.tenant_id, key.start, key.expiry, key.service, key.version, "" /* addresses */,
             protocols_of(grant), kSignatureVersion, kBlob});
  QueryParameters parameters = parameters_of(grant);
  parameters.insert(parameters.end(), {{"skoid", key.object_id},
                                       {"sktid", key.tenant_id},
                                       {"skt", key.start},
                                       {"ske", key.expiry},
                                       {"sks", key.service},
                                       {"skv", key.version}});
  return signed_query(std::move(parameters), key.value, text.append(kNoMore));
}

}  // namespace chartmuseum::storage::microsoft

// SPDX-License-Identifier: Apache-2.0
#include "options/access_checks.hpp"

#include "options/values.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chartmuseum::options {

namespace {

using Check = std::optional<UsageError>;

Check check_login(const auth::Settings& access) {
  const bool password = !access.password.reveal().empty();
  const bool file = !access.password_file.empty();
  if (password && file) {
    return UsageError{"--basic-auth-pass and --basic-auth-pass-file: one of them is enough"};
  }
  if (access.user.empty() && (password || file)) {
    return UsageError{std::string(password ? "--basic-auth-pass" : "--basic-auth-pass-file") +
                      " is of no use without --basic-auth-user: nobody would be asked for it"};
  }
  if (!access.user.empty() && !password && !file) {
    return UsageError{
        "--basic-auth-user is of no use without --basic-auth-pass or --basic-auth-pass-file: "
        "nobody would be asked for it"};
  }
  if (access.user.find(':') != std::string::npos) {
    return UsageError{"--basic-auth-user: no client can send a name with a colon in it"};
  }
  return std::nullopt;
}

Check check_tokens(const auth::Settings& access, std::vector<std::string>& warnings) {
  if (!access.bearer) {
    const std::array<std::pair<std::string_view, bool>, 4> given{
        {{"--auth-cert-path", !access.key_files.empty()},
         {"--auth-oidc-issuer", !access.issuer.empty()},
         {"--auth-actions-search-path", !access.actions_search_path.empty()},
         {"--auth-realm", !access.realm.empty()}}};
    for (const auto& [flag, is_given] : given) {
      if (is_given) warnings.push_back(std::string(flag) + " has no effect without --bearer-auth");
    }
    return std::nullopt;
  }
  if (access.key_files.empty() && access.issuer.empty()) {
    return UsageError{
        "--bearer-auth: say what tokens are signed with, by --auth-cert-path=<PEM file> or "
        "--auth-oidc-issuer=<url>"};
  }
  if (!access.key_files.empty() && !access.issuer.empty()) {
    return UsageError{"--auth-cert-path and --auth-oidc-issuer: keys come from one of them only"};
  }
  if (!access.issuer.empty() && access.service.empty()) {
    return UsageError{
        "--auth-oidc-issuer: say by --auth-service which audience (\"aud\") tokens for this server "
        "have; without it every token of that issuer would do"};
  }
  if (access.key_files.size() > 4) {
    return UsageError{"--auth-cert-path: at most four files; one file may hold several keys"};
  }
  if (access.realm.empty()) {
    warnings.emplace_back("without --auth-realm clients are not told where to get a token");
  }
  return std::nullopt;
}

}  // namespace

std::optional<UsageError> check_access(Draft& draft) {
  auth::Settings& access = draft.options.access;
  for (const std::string_view file : split_list(draft.auth_cert_path)) {
    if (!file.empty()) access.key_files.emplace_back(file);
  }
  if (auto error = check_login(access)) return error;
  if (auto error = check_tokens(access, draft.options.warnings)) return error;
  if (access.anonymous_pull && !access.policy_file.empty()) {
    return UsageError{
        "--auth-anonymous-get lets everybody pull everything, whatever --auth-policy says; give "
        "one "
        "of them, and in a policy name the user anonymous"};
  }
  if (access.anonymous_pull && !access.takes_credentials()) {
    draft.options.warnings.emplace_back(
        "--auth-anonymous-get has no effect where no credentials are asked for");
  }
  const std::string& origin = draft.options.api.cors_allow_origin;
  if (std::ranges::any_of(origin, [](char c) { return c <= ' ' || c > '~' || c == ','; })) {
    return UsageError{"--cors-alloworigin: " + printable(origin) +
                      " is no origin; write it like https://example.com, or *"};
  }
  return std::nullopt;
}

}  // namespace chartmuseum::options

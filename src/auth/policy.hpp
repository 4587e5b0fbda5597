// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/action.hpp"
#include "auth/repository_glob.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::auth {

/// Some of the actions.
class ActionSet {
 public:
  void add(Action action) { bits_ = static_cast<std::uint8_t>(bits_ | bit(action)); }
  [[nodiscard]] bool has(Action action) const { return (bits_ & bit(action)) != 0; }

 private:
  [[nodiscard]] static unsigned bit(Action action) { return 1U << static_cast<unsigned>(action); }
  std::uint8_t bits_ = 0;
};

/// The user of whoever sends no credentials, in a policy.
inline constexpr std::string_view kAnonymous = "anonymous";
/// The group of all who are known, in a policy.
inline constexpr std::string_view kAuthenticated = "authenticated";

/// Who may do what with which repository: the file of --auth-policy, whose format is described in
/// docs/auth.md. What no rule allows is not allowed. A value: never changes.
class Policy {
 public:
  /// The error has line and column: "line 3, column 5: unknown key "actoins"".
  [[nodiscard]] static std::expected<Policy, std::string> parse(std::string_view yaml);

  /// `user` is the name of a login, the subject of a client certificate (RFC 2253), or token_user()
  /// of a token; nothing for whoever sent no credentials. What is allowed to the anonymous is
  /// allowed to everybody. `repository` is empty on a server without depth.
  [[nodiscard]] bool allows(std::optional<std::string_view> user, std::string_view repository,
                            Action action) const;

  struct Rule {
    std::vector<RepositoryGlob> repositories;
    ActionSet actions;
  };
  /// Indexes of rules.
  using Rules = std::vector<std::size_t>;
  using RulesByName = std::map<std::string, Rules, std::less<>>;
  using GroupsByUser = std::map<std::string, std::vector<std::string>, std::less<>>;

  Policy(std::vector<Rule> rules, RulesByName by_user, RulesByName by_group, GroupsByUser groups);

 private:
  [[nodiscard]] bool any_allows(const RulesByName& by_name, std::string_view name,
                                std::string_view repository, Action action) const;

  std::vector<Rule> rules_;
  RulesByName by_user_;
  RulesByName by_group_;
  GroupsByUser groups_;
};

/// How a policy names the subject ("sub") of a token: "token:<subject>". No login can have that
/// name, since names of logins have no colon; so that who may choose the subjects of tokens cannot
/// take the name of a user, nor of a certificate.
[[nodiscard]] std::string token_user(std::string_view subject);

}  // namespace chartmuseum::auth

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/action.hpp"
#include "auth/claims.hpp"

#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace chartmuseum::auth {

/// What tokens call what they give access to, in "type" and in a challenge's scope.
inline constexpr std::string_view kAccessEntryType = "artifact-repository";

/// What tokens and challenges call a repository: its name, or "repo" for the only one at depth 0.
[[nodiscard]] std::string_view token_repository(std::string_view repository);

/// What tokens and challenges call an action. They know two: who may push may also delete.
[[nodiscard]] std::string_view token_action(Action action);

/// Which actions a token's claims allow. Thread-safe.
class TokenActions {
 public:
  TokenActions() = default;
  virtual ~TokenActions() = default;
  TokenActions(const TokenActions&) = delete;
  TokenActions& operator=(const TokenActions&) = delete;

  /// `repository` is empty at depth 0. Whatever the claims hold, the answer is yes or no.
  [[nodiscard]] virtual bool allow(const Claims& claims, std::string_view repository,
                                   Action action) const = 0;
};

/// Those of the claim "access", by the default of --auth-actions-search-path:
/// access[?name=='$NAMESPACE' && type=='$ACCESS_ENTRY_TYPE'].actions[]
/// An entry's "actions" are an array of texts, or one text. No text stands for others: "*" allows
/// nothing, as in the Go server.
[[nodiscard]] std::unique_ptr<TokenActions> access_claim_actions();

/// Those that --auth-actions-search-path finds in the claims: an array, of which the texts count,
/// or one text. A text is bound to $NAMESPACE (the repository's name) and $ACCESS_ENTRY_TYPE; it
/// cannot become a part of the expression. Nothing is allowed where the search fails, or finds
/// anything else. The error says where `expression` is none.
[[nodiscard]] std::expected<std::unique_ptr<TokenActions>, std::string> searched_actions(
    std::string_view expression);

}  // namespace chartmuseum::auth

// SPDX-License-Identifier: Apache-2.0
#include "auth/token_actions.hpp"

#include "encoding/json_text.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace chartmuseum::auth {

namespace {

namespace json = boost::json;

bool is_text(const json::value& value, std::string_view text) {
  return value.is_string() && std::string_view(value.get_string()) == text;
}

class AccessClaim final : public TokenActions {
 public:
  bool allow(const Claims& claims, std::string_view repository, Action action) const override {
    const json::value* const access = claims.object().if_contains("access");
    const json::array* const entries = access != nullptr ? access->if_array() : nullptr;
    if (entries == nullptr) return false;
    return std::ranges::any_of(*entries, [&](const json::value& value) {
      const json::object* const entry = value.if_object();
      return entry != nullptr && encoding::string_member(*entry, "type") == kAccessEntryType &&
             encoding::string_member(*entry, "name") == token_repository(repository) &&
             names(entry->if_contains("actions"), token_action(action));
    });
  }

 private:
  static bool names(const json::value* actions, std::string_view action) {
    if (actions == nullptr) return false;
    if (is_text(*actions, action)) return true;
    const json::array* const list = actions->if_array();
    return list != nullptr && std::ranges::any_of(*list, [action](const json::value& value) {
             return is_text(value, action);
           });
  }
};

}  // namespace

std::string_view token_repository(std::string_view repository) {
  return repository.empty() ? "repo" : repository;
}

std::string_view token_action(Action action) {
  return text_of(action == Action::delete_ ? Action::push : action);
}

std::unique_ptr<TokenActions> access_claim_actions() {
  return std::make_unique<AccessClaim>();
}

}  // namespace chartmuseum::auth

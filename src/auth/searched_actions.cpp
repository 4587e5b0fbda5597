// SPDX-License-Identifier: Apache-2.0
#include "auth/token_actions.hpp"
#include "jmespath/expression.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace chartmuseum::auth {

namespace {

namespace json = boost::json;

constexpr std::string_view kNamespace = "$NAMESPACE";
constexpr std::string_view kEntryType = "$ACCESS_ENTRY_TYPE";

class SearchedActions final : public TokenActions {
 public:
  explicit SearchedActions(jmespath::Expression expression) : expression_(std::move(expression)) {}

  bool allow(const Claims& claims, std::string_view repository, Action action) const override {
    const std::array<jmespath::Binding, 2> bindings{
        {{kNamespace, token_repository(repository)}, {kEntryType, kAccessEntryType}}};
    const auto found = expression_.search(claims.value(), bindings);
    if (!found) return false;
    const auto is_it = [word = token_action(action)](const json::value& value) {
      return value.is_string() && std::string_view(value.get_string()) == word;
    };
    if (is_it(*found)) return true;
    const json::array* const list = found->if_array();
    return list != nullptr && std::ranges::any_of(*list, is_it);
  }

 private:
  jmespath::Expression expression_;
};

}  // namespace

std::expected<std::unique_ptr<TokenActions>, std::string> searched_actions(
    std::string_view expression) {
  static constexpr std::array kPlaceholders{kNamespace, kEntryType};
  auto compiled = jmespath::Expression::compile(expression, kPlaceholders);
  if (!compiled) return std::unexpected(compiled.error().describe());
  return std::make_unique<SearchedActions>(std::move(*compiled));
}

}  // namespace chartmuseum::auth

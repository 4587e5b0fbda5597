// SPDX-License-Identifier: Apache-2.0
#include "auth/policy.hpp"

#include "auth/policy_reader.hpp"
#include "encoding/yaml_tree.hpp"

#include <algorithm>
#include <utility>

namespace chartmuseum::auth {

std::expected<Policy, std::string> Policy::parse(std::string_view yaml) {
  const auto root = encoding::parse_yaml_tree(yaml);
  if (!root) return std::unexpected(root.error().message());
  auto policy = PolicyReader().read(*root);
  if (!policy) return std::unexpected(policy.error().message());
  return std::move(*policy);
}

Policy::Policy(std::vector<Rule> rules, RulesByName by_user, RulesByName by_group,
               GroupsByUser groups)
    : rules_(std::move(rules)),
      by_user_(std::move(by_user)),
      by_group_(std::move(by_group)),
      groups_(std::move(groups)) {}

bool Policy::any_allows(const RulesByName& by_name, std::string_view name,
                        std::string_view repository, Action action) const {
  const auto found = by_name.find(name);
  if (found == by_name.end()) return false;
  return std::ranges::any_of(found->second, [&](std::size_t index) {
    const Rule& rule = rules_[index];
    return rule.actions.has(action) &&
           std::ranges::any_of(rule.repositories, [&](const RepositoryGlob& glob) {
             return glob.matches(repository);
           });
  });
}

bool Policy::allows(std::optional<std::string_view> user, std::string_view repository,
                    Action action) const {
  if (any_allows(by_user_, kAnonymous, repository, action)) return true;
  if (!user) return false;
  if (any_allows(by_user_, *user, repository, action)) return true;
  if (any_allows(by_group_, kAuthenticated, repository, action)) return true;
  const auto groups = groups_.find(*user);
  return groups != groups_.end() && std::ranges::any_of(groups->second, [&](const auto& group) {
           return any_allows(by_group_, group, repository, action);
         });
}

std::string token_user(std::string_view subject) {
  return "token:" + std::string(subject);
}

}  // namespace chartmuseum::auth

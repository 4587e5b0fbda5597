// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/policy.hpp"
#include "encoding/yaml_tree.hpp"

#include <expected>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace chartmuseum::auth {

/// From a policy's document to the policy, or to the first thing in it that cannot be meant. Used
/// once.
class PolicyReader {
 public:
  [[nodiscard]] std::expected<Policy, encoding::YamlProblem> read(const encoding::YamlNode& root);

 private:
  using Node = encoding::YamlNode;
  using Texts = std::vector<const Node*>;
  /// What one name may do: whether it is a group's, the name, where and what.
  using Grant = std::tuple<bool, std::string, RepositoryGlob, Action>;

  // Each of these is false once problem_ is set.
  bool document(const Node& root);
  bool groups(const Node& groups);
  bool group(const Node& name, const Node& members);
  bool rule(const Node& node);
  bool users_of_rule(const Node* users, const Policy::Rule& rule, bool& has_effect);
  bool groups_of_rule(const Node* groups, const Policy::Rule& rule, bool& has_effect);
  bool repositories(const Node& node, Policy::Rule& rule);
  bool actions(const Node& node, Policy::Rule& rule);
  bool has_only(const Node& node, std::string_view of_what,
                std::initializer_list<std::string_view> keys);
  bool texts(const Node& node, const std::string& of_what, Texts& out);
  bool is_user(const Node& user);
  bool refuse(const Node& where, std::string problem);

  [[nodiscard]] bool adds(bool group, const std::string& name, const Policy::Rule& rule);

  std::vector<Policy::Rule> rules_;
  Policy::RulesByName by_user_;
  Policy::RulesByName by_group_;
  Policy::GroupsByUser groups_of_user_;
  std::set<std::string, std::less<>> groups_;
  std::set<Grant> grants_;
  encoding::YamlProblem problem_;
};

}  // namespace chartmuseum::auth

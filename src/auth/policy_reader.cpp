// SPDX-License-Identifier: Apache-2.0
#include "auth/policy_reader.hpp"

#include "base/ascii.hpp"
#include "encoding/utf8.hpp"

#include <algorithm>
#include <utility>

namespace chartmuseum::auth {

namespace {

using encoding::YamlMember;
using encoding::YamlNode;

/// Up to here it is checked that every rule adds something; a policy with more of who, where and
/// what would take too long.
constexpr std::size_t kMostGrants = 100'000;

/// In quotes, and short enough for a message.
std::string quoted(std::string_view text) {
  constexpr std::size_t kMost = 100;
  if (text.size() <= kMost) return '"' + std::string(text) + '"';
  return '"' + encoding::replace_invalid_utf8(text.substr(0, kMost)) + "...\"";
}

const YamlNode* member_of(const YamlNode& mapping, std::string_view key) {
  for (const YamlMember& member : mapping.members) {
    if (member.key.text == key) return &member.value;
  }
  return nullptr;
}

/// Whether this looks like a certificate's subject that is written as RFC 2253 does not print it,
/// with a blank behind a comma: nobody would ever have that name.
bool is_spaced_subject(std::string_view name) {
  const std::size_t equals = name.find('=');
  if (equals == 0 || equals == std::string_view::npos) return false;
  if (name.substr(0, equals).find_first_of(" ,:") != std::string_view::npos) return false;
  const std::size_t blank = name.find(", ");
  return blank != std::string_view::npos && name[blank - 1] != '\\';
}

}  // namespace

std::expected<Policy, encoding::YamlProblem> PolicyReader::read(const YamlNode& root) {
  if (!document(root)) return std::unexpected(std::move(problem_));
  return Policy(std::move(rules_), std::move(by_user_), std::move(by_group_),
                std::move(groups_of_user_));
}

bool PolicyReader::document(const YamlNode& root) {
  if (root.is_null()) return refuse(root, "it is empty: nobody could do anything");
  if (!has_only(root, "a policy", {"groups", "rules"})) return false;
  if (const YamlNode* node = member_of(root, "groups"); node != nullptr && !groups(*node)) {
    return false;
  }
  const YamlNode* rules = member_of(root, "rules");
  if (rules == nullptr || rules->is_null()) {
    return refuse(rules == nullptr ? root : *rules, "no rules: nobody could do anything");
  }
  if (rules->kind != YamlNode::Kind::list) return refuse(*rules, "rules must be a list");
  if (rules->items.empty()) return refuse(*rules, "no rules: nobody could do anything");
  return std::ranges::all_of(rules->items, [this](const YamlNode& node) { return rule(node); });
}

bool PolicyReader::groups(const YamlNode& groups) {
  if (groups.kind != YamlNode::Kind::mapping) {
    return refuse(groups, "groups must be a mapping (name: [users])");
  }
  return std::ranges::all_of(
      groups.members, [this](const YamlMember& member) { return group(member.key, member.value); });
}

bool PolicyReader::group(const YamlNode& name, const YamlNode& members) {
  if (name.text.empty()) return refuse(name, "a group without name");
  if (name.text == kAuthenticated) {
    return refuse(name, "the group \"authenticated\" is there already: all who are known");
  }
  Texts users;
  if (!texts(members, "the group " + quoted(name.text), users)) return false;
  for (const YamlNode* user : users) {
    if (user->text == kAnonymous) {
      return refuse(*user, "\"anonymous\" is nobody's name; name it as a user of a rule");
    }
    if (!is_user(*user)) return false;
    groups_of_user_[user->text].push_back(name.text);
  }
  groups_.insert(name.text);
  return true;
}

bool PolicyReader::rule(const YamlNode& node) {
  if (!has_only(node, "a rule", {"users", "groups", "repositories", "actions"})) return false;
  const YamlNode* users = member_of(node, "users");
  const YamlNode* groups = member_of(node, "groups");
  const YamlNode* where = member_of(node, "repositories");
  const YamlNode* what = member_of(node, "actions");
  if (users == nullptr && groups == nullptr) return refuse(node, "a rule without users or groups");
  if (where == nullptr) return refuse(node, "a rule without repositories");
  if (what == nullptr) return refuse(node, "a rule without actions");

  Policy::Rule rule;
  bool has_effect = false;
  if (!repositories(*where, rule) || !actions(*what, rule) ||
      !users_of_rule(users, rule, has_effect) || !groups_of_rule(groups, rule, has_effect)) {
    return false;
  }
  if (!has_effect) {
    return refuse(node, "a rule without effect: those before it allow all of this already");
  }
  rules_.push_back(std::move(rule));
  return true;
}

bool PolicyReader::users_of_rule(const YamlNode* users, const Policy::Rule& rule,
                                 bool& has_effect) {
  if (users == nullptr) return true;
  Texts names;
  if (!texts(*users, "users", names)) return false;
  for (const YamlNode* user : names) {
    if (!is_user(*user)) return false;
    by_user_[user->text].push_back(rules_.size());
    if (adds(false, user->text, rule)) has_effect = true;
  }
  return true;
}

bool PolicyReader::groups_of_rule(const YamlNode* groups, const Policy::Rule& rule,
                                  bool& has_effect) {
  if (groups == nullptr) return true;
  Texts names;
  if (!texts(*groups, "groups", names)) return false;
  for (const YamlNode* group : names) {
    if (group->text != kAuthenticated && !groups_.contains(group->text)) {
      return refuse(*group, "unknown group " + quoted(group->text));
    }
    by_group_[group->text].push_back(rules_.size());
    if (adds(true, group->text, rule)) has_effect = true;
  }
  return true;
}

bool PolicyReader::repositories(const YamlNode& node, Policy::Rule& rule) {
  Texts patterns;
  if (!texts(node, "repositories", patterns)) return false;
  for (const YamlNode* pattern : patterns) {
    auto glob = RepositoryGlob::parse(pattern->text);
    if (!glob) {
      return refuse(*pattern, "the pattern " + quoted(pattern->text) + " has " + glob.error());
    }
    rule.repositories.push_back(std::move(*glob));
  }
  return true;
}

bool PolicyReader::actions(const YamlNode& node, Policy::Rule& rule) {
  Texts words;
  if (!texts(node, "actions", words)) return false;
  for (const YamlNode* word : words) {
    const auto action = action_from(word->text);
    if (!action) {
      return refuse(*word,
                    "unknown action " + quoted(word->text) + "; there are: pull, push, delete");
    }
    rule.actions.add(*action);
  }
  return true;
}

bool PolicyReader::has_only(const YamlNode& node, std::string_view of_what,
                            std::initializer_list<std::string_view> keys) {
  if (node.kind != YamlNode::Kind::mapping) {
    return refuse(node, std::string(of_what) + " must be a mapping (key: value)");
  }
  for (const YamlMember& member : node.members) {
    if (std::ranges::find(keys, member.key.text) != keys.end()) continue;
    std::string problem = "unknown key " + quoted(member.key.text) + "; ";
    problem += of_what;
    std::string_view before = " has: ";
    for (const std::string_view key : keys) {
      problem += before;
      problem += key;
      before = ", ";
    }
    return refuse(member.key, std::move(problem));
  }
  return true;
}

/// A list, or a single text; not empty, and nothing in it twice.
bool PolicyReader::texts(const YamlNode& node, const std::string& of_what, Texts& out) {
  if (node.kind == YamlNode::Kind::mapping) return refuse(node, of_what + " must be a list");
  if (node.kind == YamlNode::Kind::list) {
    for (const YamlNode& item : node.items) out.push_back(&item);
  } else if (!node.is_null()) {
    out.push_back(&node);
  }
  if (out.empty()) return refuse(node, of_what + " is empty");
  std::set<std::string_view> seen;
  for (const YamlNode* text : out) {
    if (text->kind != YamlNode::Kind::scalar || text->text.empty() || text->is_null()) {
      return refuse(*text, of_what + " must be a list of texts");
    }
    if (!seen.insert(text->text).second) {
      return refuse(*text, quoted(text->text) + " is named twice in " + of_what);
    }
  }
  return true;
}

bool PolicyReader::is_user(const YamlNode& user) {
  if (has_control_character(user.text)) {
    return refuse(user, "a user's name with a control character");
  }
  if (is_spaced_subject(user.text)) {
    return refuse(user, "the subject " + quoted(user.text) +
                            " has a blank behind a comma; by RFC 2253 it has none, as in "
                            "CN=ci,O=Example");
  }
  return true;
}

bool PolicyReader::refuse(const YamlNode& where, std::string problem) {
  problem_ = {where.place, std::move(problem)};
  return false;
}

/// Whether the rule allows this name anything that it was not yet allowed by the same pattern, or
/// by that for all repositories.
bool PolicyReader::adds(bool group, const std::string& name, const Policy::Rule& rule) {
  static const RepositoryGlob all = RepositoryGlob::parse("**").value();
  bool is_new = false;
  for (const Action action : kActions) {
    if (!rule.actions.has(action) || grants_.contains(Grant{group, name, all, action})) continue;
    for (const RepositoryGlob& glob : rule.repositories) {
      if (grants_.size() >= kMostGrants) return true;
      const RepositoryGlob& where = glob.matches_all() ? all : glob;
      if (grants_.insert(Grant{group, name, where, action}).second) is_new = true;
    }
  }
  return is_new;
}

}  // namespace chartmuseum::auth

// SPDX-License-Identifier: Apache-2.0
// A policy, an htpasswd file, a pattern and the name of a repository may hold anything.
#include "auth/password_table.hpp"
#include "auth/policy.hpp"
#include "auth/repository_glob.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace auth = chartmuseum::auth;

namespace {

/// Matching by the definition, at any cost; for short texts.
bool matches(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern.front() == '*') {
    return matches(pattern.substr(1), name) ||
           (!name.empty() && name.front() != '/' && matches(pattern, name.substr(1)));
  }
  if (name.empty()) return false;
  const bool fits = pattern.front() == '?' ? name.front() != '/' : pattern.front() == name.front();
  return fits && matches(pattern.substr(1), name.substr(1));
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

void check_glob(std::string_view pattern, std::string_view name) {
  const auto glob = auth::RepositoryGlob::parse(pattern);
  if (!glob) return;
  const bool found = glob->matches(name);
  if (glob->matches_all() && !found) std::abort();
  const bool simple = pattern.size() < 12 && name.size() < 12 && pattern != "." &&
                      !pattern.contains("**") && is_ascii(pattern) && is_ascii(name);
  // A `*` alone is no empty segment: names have none, but for the empty name, which has no segment.
  if (simple && !name.empty() && found != matches(pattern, name)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t middle = text.find('\n');
  if (middle != std::string_view::npos) {
    check_glob(text.substr(0, middle), text.substr(middle + 1));
  }
  static_cast<void>(auth::PasswordTable::parse(text, "users"));

  const auto policy = auth::Policy::parse(text);
  if (!policy) {
    if (policy.error().empty()) std::abort();
    return 0;
  }
  for (const std::string_view repository : {"", "org1", "org1/a", "org1/a/b"}) {
    for (const auth::Action action : auth::kActions) {
      if (!policy->allows(std::nullopt, repository, action)) continue;
      if (!policy->allows("alice", repository, action)) std::abort();
    }
  }
  return 0;
}

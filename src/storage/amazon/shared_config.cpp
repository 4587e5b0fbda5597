// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/shared_config.hpp"

#include "base/ascii.hpp"
#include "storage/remote/small_file.hpp"

#include <algorithm>
#include <utility>

namespace chartmuseum::storage::amazon {

namespace {

std::string variable(const Environment& environment, const std::string& name) {
  return environment(name).value_or("");
}

std::string path_of(const Environment& environment, const std::string& name,
                    const std::string& file) {
  std::string path = variable(environment, name);
  if (!path.empty()) return path;
  const std::string home = variable(environment, "HOME");
  return home.empty() ? std::string() : home + "/.aws/" + file;
}

/// A comment in a line begins behind a space.
std::string_view without_comment(std::string_view value) {
  for (const std::string_view begin : {" #", " ;", "\t#", "\t;"}) {
    value = value.substr(0, value.find(begin));
  }
  return trim(value);
}

/// Of "[profile x]" in the config file, or "[x]" in the credentials file; nothing if the section is
/// of something else (sso-session, services).
std::optional<std::string> section_name(std::string_view line, bool is_config) {
  std::string_view name = trim(line.substr(1, line.find(']') - 1));
  if (!is_config || name == "default") return std::string(name);
  constexpr std::string_view kProfile = "profile";
  if (!name.starts_with(kProfile)) return std::nullopt;
  name.remove_prefix(kProfile.size());
  if (!name.starts_with(' ') && !name.starts_with('\t')) return std::nullopt;
  name = trim(name);
  if (name.size() >= 2 && (name.front() == '"' || name.front() == '\'') &&
      name.back() == name.front()) {
    name = name.substr(1, name.size() - 2);
  }
  return std::string(name);
}

void add(std::string_view text, bool is_config, std::map<std::string, Profile>& profiles) {
  Profile* current = nullptr;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    // Indented lines are settings within a setting, which none of ours is.
    const bool is_nested = line.starts_with(' ') || line.starts_with('\t');
    line = trim(line);
    if (line.empty() || line.starts_with('#') || line.starts_with(';') || is_nested) continue;
    if (line.starts_with('[')) {
      const auto name = section_name(line, is_config);
      current = name ? &profiles[*name] : nullptr;
      continue;
    }
    const std::size_t equals = line.find('=');
    if (current == nullptr || equals == std::string_view::npos) continue;
    std::string key(trim(line.substr(0, equals)));
    std::ranges::transform(key, key.begin(), ascii_lower);
    (*current)[key] = without_comment(line.substr(equals + 1));
  }
}

}  // namespace

SharedConfig SharedConfig::read(const Environment& environment) {
  // A file that is not there is an empty one.
  const auto text = [&](const char* variable, const char* name) {
    return read_small_file(path_of(environment, variable, name), kLargestCredentials).value_or("");
  };
  return parse(text("AWS_CONFIG_FILE", "config"),
               text("AWS_SHARED_CREDENTIALS_FILE", "credentials"));
}

SharedConfig SharedConfig::parse(std::string_view config, std::string_view credentials) {
  SharedConfig shared;
  add(config, true, shared.profiles_);
  add(credentials, false, shared.profiles_);
  return shared;
}

const Profile* SharedConfig::profile(const std::string& name) const {
  const auto place = profiles_.find(name);
  return place == profiles_.end() ? nullptr : &place->second;
}

std::optional<std::string> chosen_profile(const Environment& environment) {
  for (const std::string name : {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}) {
    std::string profile = variable(environment, name);
    if (!profile.empty()) return profile;
  }
  return std::nullopt;
}

}  // namespace chartmuseum::storage::amazon

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/remote/environment.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::storage::amazon {

/// One profile's settings by name.
using Profile = std::map<std::string, std::string>;

/// The files that Amazon's tools share: AWS_CONFIG_FILE (~/.aws/config) and
/// AWS_SHARED_CREDENTIALS_FILE (~/.aws/credentials).
/// https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
class SharedConfig {
 public:
  /// Reads both; a file that cannot be read is as an empty one.
  [[nodiscard]] static SharedConfig read(const Environment& environment);
  /// From their texts.
  [[nodiscard]] static SharedConfig parse(std::string_view config, std::string_view credentials);

  /// Of a profile that is in both files the credentials file's settings win. Null: in neither.
  [[nodiscard]] const Profile* profile(const std::string& name) const;

 private:
  std::map<std::string, Profile> profiles_;
};

/// AWS_PROFILE, else AWS_DEFAULT_PROFILE; nothing if neither is set, which means "default".
[[nodiscard]] std::optional<std::string> chosen_profile(const Environment& environment);

}  // namespace chartmuseum::storage::amazon

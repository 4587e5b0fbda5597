// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "storage/failure.hpp"
#include "storage/remote/renewed.hpp"

#include <optional>
#include <string>

namespace chartmuseum::storage::amazon {

struct Credentials {
  std::string access_key;
  std::string secret_key;
  std::string session_token;  // empty: none

  bool operator==(const Credentials&) const = default;
};

/// What a source of credentials has: nothing if it is not set up on this machine; a failure if it
/// is and does not yield any, in which case no further source is asked.
using FoundCredentials = Result<std::optional<Expiring<Credentials>>>;

/// Where credentials may come from. Thread-safe; outlives its tasks.
class CredentialSource {
 public:
  virtual ~CredentialSource() = default;
  /// For messages: "the environment (AWS_ACCESS_KEY_ID)".
  [[nodiscard]] virtual std::string name() const = 0;
  virtual Task<FoundCredentials> find() = 0;
};

}  // namespace chartmuseum::storage::amazon

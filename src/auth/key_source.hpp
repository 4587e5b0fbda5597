// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/verification_key.hpp"
#include "base/task.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace chartmuseum::auth {

/// The keys that are trusted at one time. Immutable.
struct KeySet {
  std::uint64_t generation = 0;  // another one for every set of a source
  std::vector<VerificationKey> keys;
};
using KeySetPointer = std::shared_ptr<const KeySet>;

/// Where keys come from and are renewed. Thread-safe.
class KeySource {
 public:
  KeySource() = default;
  virtual ~KeySource() = default;
  KeySource(const KeySource&) = delete;
  KeySource& operator=(const KeySource&) = delete;

  /// What is trusted now. Cheap: asked for every request. Null while there are none to be had.
  [[nodiscard]] virtual KeySetPointer current() = 0;

  /// Asks anew whether there are other keys than those that were `seen`, because a token was signed
  /// with none of them; as seldom as the source sees fit, whatever strangers send.
  [[nodiscard]] virtual Task<KeySetPointer> renew(KeySetPointer seen) = 0;
};

}  // namespace chartmuseum::auth

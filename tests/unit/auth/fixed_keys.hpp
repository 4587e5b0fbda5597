// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/jwk_set.hpp"
#include "auth/key_source.hpp"

#include <mutex>
#include <string>
#include <utility>

namespace chartmuseum::auth {

/// Keys that a test sets; for tests.
class FixedKeys final : public KeySource {
 public:
  FixedKeys() = default;
  /// From JWKs with commas between.
  explicit FixedKeys(const std::string& jwks) { set(jwks); }

  void set(const std::string& jwks) {
    const std::lock_guard lock(mutex_);
    keys_ = make(jwks);
  }
  /// What the next call of renew() finds.
  void set_renewed(const std::string& jwks) {
    const std::lock_guard lock(mutex_);
    renewed_ = make(jwks);
  }
  [[nodiscard]] int renewals() {
    const std::lock_guard lock(mutex_);
    return renewals_;
  }

  KeySetPointer current() override {
    const std::lock_guard lock(mutex_);
    return keys_;
  }
  Task<KeySetPointer> renew(KeySetPointer /*seen*/) override {
    const std::lock_guard lock(mutex_);
    ++renewals_;
    if (renewed_ != nullptr) keys_ = std::exchange(renewed_, nullptr);
    co_return keys_;
  }

 private:
  KeySetPointer make(const std::string& jwks) {
    auto keys = std::make_shared<KeySet>();
    keys->generation = ++generation_;
    keys->keys = read_jwk_set(R"({"keys":[)" + jwks + "]}").value().keys;
    return keys;
  }

  std::mutex mutex_;
  std::uint64_t generation_ = 0;
  KeySetPointer keys_;
  KeySetPointer renewed_;
  int renewals_ = 0;
};

}  // namespace chartmuseum::auth

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/remote/rsa_key.hpp"

#include <chrono>
#include <string>

namespace chartmuseum::storage::google {

/// Makes URLs that let anybody GET an object for some time: the V4 signing process with a service
/// account's key (https://cloud.google.com/storage/docs/access-control/signing-urls-manually).
/// Thread-safe.
class UrlSigner {
 public:
  UrlSigner(std::string account, RsaKey key);

  /// Valid from `now` on, for no longer than the seven days that the service allows.
  [[nodiscard]] std::string url_for(const std::string& bucket, const std::string& key,
                                    std::chrono::seconds valid,
                                    std::chrono::system_clock::time_point now) const;

 private:
  std::string account_;  // its e-mail address
  RsaKey key_;
};

}  // namespace chartmuseum::storage::google

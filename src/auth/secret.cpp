// SPDX-License-Identifier: Apache-2.0
#include "auth/secret.hpp"

#include <openssl/crypto.h>

namespace chartmuseum::auth {

Secret::~Secret() {
  OPENSSL_cleanse(bytes_.data(), bytes_.size());
}

}  // namespace chartmuseum::auth

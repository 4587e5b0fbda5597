// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conformance/temporary_folder.hpp"

#include <string>

namespace chartmuseum::transport::test {

/// A key and a certificate for `name` that it signs itself, in PEM files that go with it.
class Certificate {
 public:
  /// "IP:127.0.0.1" or "DNS:name"
  explicit Certificate(const std::string& name);

  [[nodiscard]] std::string certificate_file() const { return folder_.path() / "certificate.pem"; }
  [[nodiscard]] std::string key_file() const { return folder_.path() / "key.pem"; }

 private:
  TemporaryFolder folder_;
};

}  // namespace chartmuseum::transport::test

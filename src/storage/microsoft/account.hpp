// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace chartmuseum::storage::microsoft {

/// A storage account and where its blobs are asked for.
struct Account {
  std::string name;      // empty where only an endpoint and a SAS are known
  std::string endpoint;  // http or https, without "/" at its end: emulators have a path in it
};

/// The bytes, not their base64.
struct AccountKey {
  std::string bytes;
};

/// A shared access signature: parameters of a query, without "?".
struct Sas {
  std::string query;
};

}  // namespace chartmuseum::storage::microsoft

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/object_store.hpp"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::storage::microsoft {

/// One page of a listing.
struct BlobPage {
  std::vector<ObjectInfo> objects;
  std::string next;  // the marker of the next page; empty: this is the last one
};

/// Reads the answer to List Blobs. Names come without `prefix`, which all must have. The error says
/// what is wrong with it.
/// https://learn.microsoft.com/rest/api/storageservices/list-blobs
[[nodiscard]] std::expected<BlobPage, std::string> read_blob_page(std::string_view xml,
                                                                  std::string_view prefix);

}  // namespace chartmuseum::storage::microsoft

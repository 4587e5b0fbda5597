// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/object_store.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace chartmuseum::storage {

/// The bytes of an object from an offset on, in the version that has this etag; a failure if it
/// has another one by now.
Task<Result<std::shared_ptr<ObjectStream>>> open_at(std::shared_ptr<ObjectStore> store,
                                                    std::string key, std::string etag,
                                                    std::uint64_t at);

}  // namespace chartmuseum::storage

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/object_store.hpp"
#include "storage/remote/caller.hpp"
#include "storage/remote/protocol.hpp"

#include <memory>
#include <string>

namespace chartmuseum::storage {

/// Objects that a service keeps behind HTTP: what all such stores have in common. Their keys are
/// `prefix`, which is empty or ends with "/", followed by the store's.
///
/// A download that breaks off goes on where it was, if the object is still the same. A create-only
/// put whose answer was lost finds out whether it was it that created the object. Nothing tells of
/// changes by others: there is no watch.
[[nodiscard]] std::unique_ptr<ObjectStore> make_remote_store(std::shared_ptr<Caller> caller,
                                                             std::shared_ptr<Protocol> protocol,
                                                             std::string prefix);

}  // namespace chartmuseum::storage

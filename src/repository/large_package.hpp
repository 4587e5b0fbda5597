// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/digest.hpp"
#include "chart/metadata.hpp"
#include "chart/package.hpp"
#include "storage/object_store.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace chartmuseum::repository {

// An entry needs the metadata, which stand at the front of nearly every package, and the digest,
// which needs all of it unless the store was told. So the digest is told of packages of which
// nothing but the start has to be read for an entry, and of no others.

/// Smaller packages are read whole: a call costs more than their bytes.
inline constexpr std::uint64_t kLargePackage = 256UL * 1024;
/// What is read of larger ones.
inline constexpr std::uint64_t kPackageStart = 64UL * 1024;

/// What the store is to be told with `bytes`, of which `package` was made.
[[nodiscard]] std::optional<Digest> digest_to_tell(const chart::Package& package,
                                                   std::string_view bytes);

/// The metadata of the package that starts like this, if the store was told its digest.
[[nodiscard]] std::optional<chart::Metadata> metadata_of(const storage::ObjectStart& start);

}  // namespace chartmuseum::repository

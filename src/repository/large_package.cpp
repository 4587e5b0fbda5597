// SPDX-License-Identifier: Apache-2.0
#include "repository/large_package.hpp"

#include "chart/package_start.hpp"

namespace chartmuseum::repository {

std::optional<Digest> digest_to_tell(const chart::Package& package, std::string_view bytes) {
  if (bytes.size() <= kLargePackage) return std::nullopt;
  const auto told = chart::read_metadata_of_start(bytes.substr(0, kPackageStart));
  if (!told || *told != package.metadata()) return std::nullopt;
  return package.digest();
}

std::optional<chart::Metadata> metadata_of(const storage::ObjectStart& start) {
  if (!start.digest) return std::nullopt;
  return chart::read_metadata_of_start(start.bytes);
}

}  // namespace chartmuseum::repository

// SPDX-License-Identifier: Apache-2.0
#include "repository/branch.hpp"

#include <string>
#include <utility>

namespace chartmuseum::repository {

BranchPointer make_branch(std::vector<LeafPointer> leaves) {
  auto branch = std::make_shared<Branch>();
  // How leaves are joined follows from their entries, so their digests tell all.
  std::string digests;
  digests.reserve(leaves.size() * sizeof(Digest));
  branch->continues.reserve(leaves.size());
  const Leaf* before = nullptr;
  for (const LeafPointer& leaf : leaves) {
    const bool continues = before != nullptr && before->last().name == leaf->first().name;
    branch->continues.push_back(continues);
    branch->charts += leaf->inner_charts + (continues ? 0 : 1);
    branch->versions += leaf->items.size();
    digests.append(leaf->digest.bytes().begin(), leaf->digest.bytes().end());
    before = leaf.get();
  }
  branch->digest = Digest::of(digests);
  branch->leaves = std::move(leaves);
  return branch;
}

}  // namespace chartmuseum::repository

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/digest.hpp"
#include "repository/leaf.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace chartmuseum::repository {

/// Consecutive leaves, and what is to be known of them together: so that a change costs a step
/// for each leaf of one branch and one for each branch, but none for each leaf there is.
/// Immutable; thread-safe.
struct Branch {
  std::vector<LeafPointer> leaves;  // never empty
  std::vector<bool> continues;      // by leaf: it goes on with the chart of the leaf before it here
  std::size_t charts = 0;           // that begin here, the first leaf's first one counted
  std::size_t versions = 0;
  Digest digest;

  [[nodiscard]] const ChartVersion& first() const { return leaves.front()->first(); }
  [[nodiscard]] const ChartVersion& last() const { return leaves.back()->last(); }
};

using BranchPointer = std::shared_ptr<const Branch>;

[[nodiscard]] BranchPointer make_branch(std::vector<LeafPointer> leaves);

}  // namespace chartmuseum::repository

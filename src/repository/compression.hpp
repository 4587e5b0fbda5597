// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/rope.hpp"
#include "base/task.hpp"
#include "repository/index.hpp"
#include "repository/strand_signal.hpp"
#include "repository/tenant.hpp"

#include <memory>

namespace chartmuseum::repository {

/// Has the documents of a repository compressed, one at a time on one worker, however many ask:
/// those who wait hold no thread. On the tenant's strand.
class Compression {
 public:
  explicit Compression(Tenant& tenant) : tenant_(tenant), done_(tenant.strand) {}

  /// Returns when index->compressed_document() is there.
  Task<std::shared_ptr<const Rope>> document(IndexPointer index);

 private:
  Tenant& tenant_;
  bool busy_ = false;
  StrandSignal done_;
};

}  // namespace chartmuseum::repository

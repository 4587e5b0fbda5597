// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "repository/entries.hpp"
#include "repository/inventory.hpp"
#include "repository/publication.hpp"
#include "repository/strand_signal.hpp"
#include "repository/tenant.hpp"

#include <cstdint>
#include <functional>

namespace chartmuseum::repository {

/// Turns what the inventory learns into published snapshots. Changes that come while one is being
/// made go into the next: ten pushes that arrive together cost one. On the tenant's strand.
class IndexWriter {
 public:
  /// `on_published` is called, on the strand, whenever all that the inventory knows is published;
  /// `changed` tells whether that took a new snapshot.
  IndexWriter(Tenant& tenant, Publication& publication,
              std::function<void(bool changed)> on_published);

  [[nodiscard]] Inventory& inventory() { return inventory_; }
  /// The list to which the inventory's changes have been applied.
  [[nodiscard]] const Entries& entries() const { return entries_; }

  /// Applies what the inventory has gathered, without publishing: keeps memory low while many
  /// packages are read.
  void absorb();

  /// The inventory is complete; from here on snapshots are published.
  void set_complete() { complete_ = true; }
  [[nodiscard]] bool complete() const { return complete_; }

  /// Returns when a snapshot with all that the inventory knows now is published; at once where
  /// it is not complete yet, because the first one will hold it.
  Task<> publish();

 private:
  void drain();

  Tenant& tenant_;
  Publication& publication_;
  std::function<void(bool)> on_published_;
  IndexStyle style_;
  Inventory inventory_;
  Entries entries_;
  StrandSignal published_signal_;
  bool complete_ = false;
  bool scheduled_ = false;
  std::uint64_t wanted_ = 0;
  std::uint64_t published_ = 0;
};

}  // namespace chartmuseum::repository

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "repository/repository.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace chartmuseum::repository {

/// All repositories by name: "" at depth 0, else "org1", "org1/repoa". Opens one when it is first
/// asked for and keeps it as long as the storage knows it: asking for names that do not exist
/// costs no memory. Thread-safe.
class Museum {
 public:
  Museum(Settings settings, std::shared_ptr<storage::ObjectStore> store, WorkerPool& workers,
         telemetry::Log log);
  ~Museum();

  /// `name` must be a valid key or empty (storage/object_key.hpp).
  [[nodiscard]] std::shared_ptr<Repository> repository(const std::string& name);

  /// Starts building the index of one repository, without anybody asking.
  void warm(const std::string& name);

  /// Stops background work and writes the statefiles that are due.
  Task<> close();

 private:
  class Implementation;
  std::shared_ptr<Implementation> implementation_;
};

}  // namespace chartmuseum::repository

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "storage/failure.hpp"

#include <chrono>
#include <mutex>
#include <string>
#include <thread>

namespace chartmuseum::storage::amazon {

/// Runs a program that prints credentials, as a profile's credential_process says.
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
/// Thread-safe. Its end ends a program that still runs.
class CredentialProcess {
 public:
  explicit CredentialProcess(std::chrono::milliseconds deadline = std::chrono::minutes(1))
      : deadline_(deadline) {}

  /// What the command (of /bin/sh) prints, up to 64 KiB, on a thread of its own. What it writes to
  /// its standard error goes nowhere: there may be secrets in it. A run that nobody waits for any
  /// more ends when the next one begins.
  Task<Result<std::string>> run(std::string command);

 private:
  const std::chrono::milliseconds deadline_;
  std::mutex mutex_;
  std::jthread thread_;
};

}  // namespace chartmuseum::storage::amazon

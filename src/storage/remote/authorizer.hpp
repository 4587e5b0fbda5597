// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "storage/failure.hpp"
#include "transport/message.hpp"

namespace chartmuseum::storage {

/// What proves to a service who is asking. Thread-safe.
class Authorizer {
 public:
  virtual ~Authorizer() = default;

  /// `request` with what proves it: complete, so that nothing of it changes any more. Waits for
  /// credentials where they have to be fetched; `denied` if there are none, `unavailable` if they
  /// cannot be had now. Says in its detail where they were looked for.
  virtual Task<Result<transport::Request>> authorize(transport::Request request) = 0;

  /// The service has refused a request. Whether it may fare better when it is authorized anew: its
  /// credentials have expired, or the service's clock is another (which this notes).
  virtual bool may_fare_better(const transport::Response& refusal) = 0;
};

}  // namespace chartmuseum::storage

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "storage/failure.hpp"
#include "storage/remote/authorizer.hpp"
#include "transport/client.hpp"
#include "transport/retry.hpp"

#include <cstdint>
#include <memory>

namespace chartmuseum::storage {

/// A response whose body is read as it is taken, if its status is 2xx. Of others `head.body` holds
/// what the service says, up to 64 KiB.
struct OpenedResponse {
  transport::Response head;
  std::unique_ptr<transport::ResponseStream> body;  // null unless 2xx
};

/// Asks one service: authorizes each request, repeats what may go better, and renews what proves
/// it once where the service refuses that. Any status is a response. Thread-safe.
class Caller {
 public:
  Caller(std::shared_ptr<transport::Client> client, std::shared_ptr<Authorizer> authorizer,
         transport::RetryPolicy policy = {});

  Task<Result<transport::Response>> send(transport::Request request);
  /// As send(), also for requests whose method is not idempotent: the caller knows that it may be
  /// sent twice.
  Task<Result<transport::Response>> send_repeatable(transport::Request request);
  Task<Result<OpenedResponse>> open(transport::Request request);

 private:
  std::shared_ptr<transport::Client> client_;
  std::shared_ptr<Authorizer> authorizer_;
  transport::RetryPolicy policy_;
};

/// For requests that move so many bytes either way.
[[nodiscard]] transport::Timeouts timeouts_for(std::uint64_t bytes);

/// What the lack of a response means to whoever wants an object.
[[nodiscard]] Failure failure_of(transport::Failure failure);

}  // namespace chartmuseum::storage

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "transport/client.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace chartmuseum::transport {

struct RetryPolicy {
  unsigned attempts = 5;  // in all
  std::chrono::milliseconds first{100};
  std::chrono::milliseconds longest{10'000};
  /// No attempt begins so long after the first one.
  std::chrono::milliseconds total{60'000};
  /// Also for methods that are not idempotent, where the caller knows that this request is.
  bool may_repeat_any = false;
};

/// How long to wait after the `attempt`th try (from 1) failed: a random part, `random` of [0, 1),
/// of a bound that doubles with each try ("full jitter"), but not less than the server asks for.
[[nodiscard]] std::chrono::milliseconds retry_delay(
    const RetryPolicy& policy, unsigned attempt, double random,
    std::optional<std::chrono::milliseconds> retry_after);

/// A Retry-After field (RFC 9110, 10.2.3): seconds, or a date, which counts from `now`. Never more
/// than a day; nothing if it is neither.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_retry_after(
    std::string_view value, std::chrono::system_clock::time_point now);

/// Whether the same request may go better soon: throttled, or the server or the network at fault.
[[nodiscard]] bool may_go_better(unsigned status);
/// Likewise; of methods that are not idempotent (RFC 9110, 9.2.2) only what never reached the
/// server.
[[nodiscard]] bool may_go_better(FailureKind kind, bool idempotent);
[[nodiscard]] bool is_idempotent(std::string_view method);

/// As Client::send(), and again while it may go better, within the policy. The last outcome is
/// returned, whatever it is. Each attempt has the request's timeouts for itself. `client` must stay
/// valid until the task ends.
Task<Result<Response>> send_with_retries(Client& client, Request request, RetryPolicy policy = {});
/// The same up to the response's head; what breaks in the body is for the consumer to know.
Task<Result<StreamedResponse>> open_with_retries(Client& client, Request request,
                                                 RetryPolicy policy = {});

}  // namespace chartmuseum::transport

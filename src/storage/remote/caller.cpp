// SPDX-License-Identifier: Apache-2.0
#include "storage/remote/caller.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

namespace chartmuseum::storage {

namespace {

constexpr std::size_t kLongestRefusal = 64UL * 1024;

bool is_refusal(const transport::Response& response) {
  return response.status >= 400 && response.status < 500;
}

Task<transport::Result<OpenedResponse>> open_once(std::shared_ptr<transport::Client> client,
                                                  transport::Request request,
                                                  transport::RetryPolicy policy) {
  Task<transport::Result<transport::StreamedResponse>> opening =
      transport::open_with_retries(*client, std::move(request), policy);
  auto opened = co_await std::move(opening);
  if (!opened) co_return std::unexpected(std::move(opened.error()));
  OpenedResponse response{{opened->status, std::move(opened->headers), {}}, nullptr};
  if (opened->status / 100 == 2) {
    response.body = std::move(opened->body);
    co_return response;
  }
  while (response.head.body.size() < kLongestRefusal) {
    auto piece = co_await opened->body->next();
    if (!piece || piece->empty()) break;  // the status is what matters
    response.head.body += *piece;
  }
  co_return response;
}

const transport::Response& head_of(const transport::Response& response) {
  return response;
}
const transport::Response& head_of(const OpenedResponse& response) {
  return response.head;
}

/// `send` is a function from an authorized request to the task of its response.
template <class T, class Send>
Task<Result<T>> authorized(std::shared_ptr<Authorizer> authorizer, transport::Request request,
                           Send send) {
  for (bool renewed = false;; renewed = true) {
    Task<Result<transport::Request>> authorizing = authorizer->authorize(request);
    auto ready = co_await std::move(authorizing);
    if (!ready) co_return std::unexpected(std::move(ready.error()));
    Task<transport::Result<T>> sending = send(std::move(*ready));
    transport::Result<T> response = co_await std::move(sending);
    if (!response) co_return std::unexpected(failure_of(std::move(response.error())));
    const bool again = !renewed && is_refusal(head_of(*response)) &&
                       authorizer->may_fare_better(head_of(*response));
    if (!again) co_return std::move(*response);
  }
}

Task<Result<transport::Response>> send_authorized(std::shared_ptr<transport::Client> client,
                                                  std::shared_ptr<Authorizer> authorizer,
                                                  transport::Request request,
                                                  transport::RetryPolicy policy) {
  return authorized<transport::Response>(
      std::move(authorizer), std::move(request), [client, policy](transport::Request ready) {
        return transport::send_with_retries(*client, std::move(ready), policy);
      });
}

}  // namespace

Caller::Caller(std::shared_ptr<transport::Client> client, std::shared_ptr<Authorizer> authorizer,
               transport::RetryPolicy policy)
    : client_(std::move(client)), authorizer_(std::move(authorizer)), policy_(policy) {}

Task<Result<transport::Response>> Caller::send(transport::Request request) {
  return send_authorized(client_, authorizer_, std::move(request), policy_);
}

Task<Result<transport::Response>> Caller::send_repeatable(transport::Request request) {
  transport::RetryPolicy policy = policy_;
  policy.may_repeat_any = true;
  return send_authorized(client_, authorizer_, std::move(request), policy);
}

Task<Result<OpenedResponse>> Caller::open(transport::Request request) {
  return authorized<OpenedResponse>(authorizer_, std::move(request),
                                    [client = client_, policy = policy_](transport::Request ready) {
                                      return open_once(client, std::move(ready), policy);
                                    });
}

transport::Timeouts timeouts_for(std::uint64_t bytes) {
  constexpr std::uint64_t kSlowest = 256UL * 1024;  // bytes a second, of a line that is of use
  transport::Timeouts timeouts;
  timeouts.whole += std::chrono::seconds(std::min<std::uint64_t>(bytes / kSlowest, 3600));
  return timeouts;
}

Failure failure_of(transport::Failure failure) {
  using enum transport::FailureKind;
  switch (failure.kind) {
    case too_large:
      return {FailureKind::invalid, std::move(failure.detail)};
    case busy:
      return {FailureKind::throttled, std::move(failure.detail)};
    case invalid:  // a request of ours that cannot be sent says nothing about the object
    case unresolved:
    case unreachable:
    case tls:
    case timed_out:
    case broken:
    case cancelled:
      break;
  }
  return {FailureKind::unavailable, std::move(failure.detail)};
}

}  // namespace chartmuseum::storage

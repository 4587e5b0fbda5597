// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conformance/run_task.hpp"
#include "transport/client.hpp"

#include <string>
#include <utility>

namespace chartmuseum::transport::test {

inline Request get(std::string url) {
  Request request;
  request.url = std::move(url);
  return request;
}

inline Request with_body(std::string method, std::string url, std::string body) {
  Request request = get(std::move(url));
  request.method = std::move(method);
  request.body = body_of(std::move(body));
  return request;
}

inline Result<Response> send(Client& client, Request request) {
  return run_task(client.send(std::move(request)));
}

/// "200 body", or the kind of failure.
inline std::string outcome(const Result<Response>& result) {
  if (!result) return std::string(name_of(result.error().kind));
  return std::to_string(result->status) + " " + result->body;
}

inline std::string outcome(Client& client, Request request) {
  return outcome(send(client, std::move(request)));
}

/// All of a stream.
inline Task<Result<std::string>> read_all(ResponseStream& stream) {
  std::string whole;
  for (;;) {
    Task<Result<std::string>> task = stream.next();
    Result<std::string> piece = co_await std::move(task);
    if (!piece) co_return piece;
    if (piece->empty()) co_return whole;
    whole += *piece;
  }
}

}  // namespace chartmuseum::transport::test

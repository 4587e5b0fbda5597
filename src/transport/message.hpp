// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transport/body_source.hpp"
#include "transport/headers.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace chartmuseum::transport {

struct Timeouts {
  std::chrono::milliseconds connect{10'000};  // name, connection and TLS
  /// From the call to the whole response; of one that is streamed, to its head. Waiting for a place
  /// in flight counts.
  std::chrono::milliseconds whole{60'000};
  /// Ends a request that moves fewer than `slowest` bytes a second for so long. A stream whose
  /// consumer is what it waits for does not count.
  std::chrono::seconds stalled{30};
  std::uint32_t slowest = 512;
};

struct Request {
  std::string method = "GET";
  std::string url;  // http or https; sent as it stands, "//" and ".." too
  Headers headers;
  std::shared_ptr<const BodySource> body;              // none: null
  std::uint64_t response_limit = 64ULL * 1024 * 1024;  // bytes of its body, streamed or not
  Timeouts timeouts;
  /// How many redirects are followed; only GET and HEAD are. Credentials in headers do not go to
  /// other hosts.
  unsigned redirects = 0;
};

struct Response {
  unsigned status = 0;
  Headers headers;
  std::string body;
};

}  // namespace chartmuseum::transport

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transport/proxies.hpp"

#include <cstddef>
#include <string>

namespace chartmuseum::transport {

/// Files are PEM, and read when a connection is made. TLS 1.2 is the least.
struct TlsSettings {
  std::string ca_file;  // empty: the system's
  std::string certificate_file;
  std::string key_file;
  bool verify = true;  // the server's chain and name
};

struct ClientSettings {
  std::size_t in_flight = 64;  // requests at once; more wait for a place, in their order
  std::size_t waiting = 1024;  // how many may; more are refused as busy
  std::size_t stream_window = 256UL * 1024;  // bytes of a stream that lie ready for its consumer
  bool http2 = true;  // where the server offers it over TLS; never for streams
  TlsSettings tls;
  Proxies proxies = Proxies::from_environment();
  std::string user_agent = "chartmuseum";
};

}  // namespace chartmuseum::transport

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/server_process.hpp"

#include <chrono>
#include <cstddef>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace chartmuseum::test {

/// Which calls fail, and how; tests/servers/fault_proxy.mjs lists the kinds and what each reads.
///
///     proxy.fail({.kind = "answer", .method = "GET", .status = 503, .headers = {{"Retry-After",
///     "1"}}});
struct Fault {
  std::string kind;
  std::string method{};  // "": any
  std::string path{};    // a regular expression, looked for in the target as sent; "": any
  int after = 0;         // matching calls that pass first
  int times = 1;         // 0: all of them, until heal()
  int status = 200;
  std::map<std::string, std::string> headers{};
  std::string body{};
  std::optional<std::size_t> bytes{};
  std::size_t length = 0;
  std::string text{};
  std::chrono::milliseconds delay{};
};

struct Call {
  std::string method;
  std::string target;  // as sent
  std::string fault;   // its kind; "": none
  int status = 0;      // 0: no answer
};

/// What came since the start, or since forget_calls().
struct Calls {
  int total = 0;
  std::map<std::string, int> by_method;
  int in_flight = 0;
  int most_in_flight = 0;
  int faults = 0;
  int faults_left = 0;    // that are still to come, of the rules that end
  std::vector<Call> log;  // in the order in which they began
};

/// A reverse proxy before a server under test. Its methods block, and throw std::runtime_error
/// where the proxy refuses.
class FaultProxy {
 public:
  /// `upstream` is a server's URL, of which the path is not used; options: "--delay 20", "--tls".
  static std::expected<FaultProxy, std::string> start(const std::string& upstream,
                                                      std::vector<std::string> options = {});

  /// Scheme, host and port, without a slash.
  [[nodiscard]] const std::string& url() const { return process_.fact("url"); }
  /// The authority of its certificate, with "--tls".
  [[nodiscard]] const std::string& ca_file() const { return process_.fact("ca_file"); }

  void fail(const Fault& fault);
  void heal();
  /// Added to every call.
  void set_delay(std::chrono::milliseconds delay);
  [[nodiscard]] Calls calls() const;
  void forget_calls();

 private:
  explicit FaultProxy(ServerProcess process) : process_(std::move(process)) {}

  ServerProcess process_;
};

}  // namespace chartmuseum::test

// SPDX-License-Identifier: Apache-2.0
#include "support/fault_proxy.hpp"

#include <nlohmann/json.hpp>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstdint>
#include <netinet/in.h>
#include <stdexcept>
#include <string_view>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace chartmuseum::test {
namespace {

class Connection {
 public:
  explicit Connection(std::uint16_t port)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      const int failure = errno;
      ::close(socket_);
      throw std::system_error(failure, std::generic_category(), "the proxy's control port");
    }
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { ::close(socket_); }

  void send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0) throw std::system_error(errno, std::generic_category(), "send");
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  [[nodiscard]] std::string receive_all() const {
    std::string received;
    std::array<char, 65536> buffer{};
    for (;;) {
      const ssize_t got = ::recv(socket_, buffer.data(), buffer.size(), 0);
      if (got < 0) throw std::system_error(errno, std::generic_category(), "recv");
      if (got == 0) return received;
      received.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }

 private:
  int socket_;
};

/// HTTP/1.0, for an answer that ends with the connection.
nlohmann::json ask(const std::string& control, const std::string& command,
                   const std::string& body = {}) {
  const Connection connection(
      static_cast<std::uint16_t>(std::stoi(control.substr(control.rfind(':') + 1))));
  connection.send(command + " HTTP/1.0\r\nContent-Length: " + std::to_string(body.size()) +
                  "\r\n\r\n" + body);
  const std::string answer = connection.receive_all();
  const std::string content = answer.substr(answer.find("\r\n\r\n") + 4);
  if (answer.find(" 200 ") != std::string_view("HTTP/1.1").size()) {
    throw std::runtime_error("fault proxy: " + content);
  }
  return nlohmann::json::parse(content);
}

}  // namespace

std::expected<FaultProxy, std::string> FaultProxy::start(const std::string& upstream,
                                                         std::vector<std::string> options) {
  options.insert(options.begin(), {"--upstream", upstream});
  auto process = ServerProcess::start("fault_proxy", options);
  if (!process) return std::unexpected(std::move(process).error());
  return FaultProxy(*std::move(process));
}

void FaultProxy::fail(const Fault& fault) {
  nlohmann::json rule{{"kind", fault.kind},      {"after", fault.after},
                      {"times", fault.times},    {"status", fault.status},
                      {"body", fault.body},      {"length", fault.length},
                      {"text", fault.text},      {"milliseconds", fault.delay.count()},
                      {"headers", fault.headers}};
  if (!fault.method.empty()) rule["method"] = fault.method;
  if (!fault.path.empty()) rule["path"] = fault.path;
  if (fault.bytes) rule["bytes"] = *fault.bytes;
  ask(process_.fact("control"), "POST /faults", rule.dump());
}

void FaultProxy::heal() {
  ask(process_.fact("control"), "DELETE /faults");
}

void FaultProxy::set_delay(std::chrono::milliseconds delay) {
  ask(process_.fact("control"), "PUT /delay",
      nlohmann::json{{"milliseconds", delay.count()}}.dump());
}

Calls FaultProxy::calls() const {
  const nlohmann::json told = ask(process_.fact("control"), "GET /calls");
  Calls calls{.total = told.at("total").get<int>(),
              .by_method = told.at("by_method").get<std::map<std::string, int>>(),
              .in_flight = told.at("in_flight").get<int>(),
              .most_in_flight = told.at("most_in_flight").get<int>(),
              .faults = told.at("faults").get<int>(),
              .faults_left = told.at("faults_left").get<int>(),
              .log = {}};
  for (const nlohmann::json& call : told.at("log")) {
    const nlohmann::json& fault = call.at("fault");
    const nlohmann::json& status = call.at("status");
    calls.log.push_back({.method = call.at("method").get<std::string>(),
                         .target = call.at("target").get<std::string>(),
                         .fault = fault.is_null() ? "" : fault.get<std::string>(),
                         .status = status.is_null() ? 0 : status.get<int>()});
  }
  return calls;
}

void FaultProxy::forget_calls() {
  ask(process_.fact("control"), "DELETE /calls");
}

}  // namespace chartmuseum::test

// SPDX-License-Identifier: Apache-2.0
#include "unit/http/test_server.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <cstdlib>
#include <fcntl.h>
#include <stdexcept>
#include <thread>
#include <unistd.h>

namespace chartmuseum::http::test {

namespace {

using namespace std::chrono_literals;

class Pieces final : public BodySource {
 public:
  Pieces(std::vector<std::string> pieces, bool breaks)
      : pieces_(std::move(pieces)), breaks_(breaks) {}
  Task<std::optional<std::string>> next() override {
    if (at_ < pieces_.size()) co_return pieces_[at_++];
    if (breaks_) co_return std::nullopt;
    co_return "";
  }

 private:
  std::vector<std::string> pieces_;
  bool breaks_;
  std::size_t at_ = 0;
};

BodyStream stream(std::vector<std::string> pieces, bool breaks,
                  std::optional<std::uint64_t> length) {
  return {std::make_shared<Pieces>(std::move(pieces), breaks), length};
}

std::shared_ptr<const FileDescriptor> sample_file() {
  std::string name = "/tmp/chartmuseum-test-XXXXXX";
  auto file = std::make_shared<const FileDescriptor>(::mkostemp(name.data(), O_CLOEXEC));
  ::unlink(name.c_str());
  const std::string text = std::string(100, '-') + std::string(300'000, 'f') + "after";
  if (::write(file->get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    throw std::runtime_error("cannot write the sample file");
  }
  return file;
}

unsigned status_of(BodyFailure failure) {
  switch (failure) {
    case BodyFailure::too_large:
      return 413;
    case BodyFailure::timed_out:
      return 408;
    case BodyFailure::no_space:
      return 507;
    default:
      return 400;
  }
}

Response ok(Body body) {
  Response response;
  response.body = std::move(body);
  return response;
}

Response tagged(Body body) {
  Response response = ok(std::move(body));
  response.headers.add("Content-Type", "text/plain");
  response.headers.add("ETag", "\"v1\"");
  response.headers.add("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT");
  return response;
}

Body rope_of(std::size_t count) {
  const auto piece = std::make_shared<const std::string>("7 bytes");
  Rope rope;
  for (std::size_t i = 0; i < count; ++i) rope.append(piece);
  return std::make_shared<const Rope>(std::move(rope));
}

Task<Response> echo(RequestBody& body) {
  const SpoolMemory memory{.own = 1U << 16, .shared = std::make_shared<MemoryBudget>(1U << 20)};
  const auto read = co_await read_body(body, 1U << 20, memory);
  if (!read) co_return json_error(status_of(read.error()), "no body");
  co_return ok(std::string(read->view()));
}

Task<Response> first(RequestBody& body) {
  const auto bytes = co_await body.next(1U << 20);
  if (!bytes) co_return json_error(status_of(bytes.error()), "no body");
  co_return ok(std::string(*bytes));
}

}  // namespace

struct TestServer::Gate {
  std::atomic<bool> open{false};
  std::atomic<int> waiting{0};
  std::shared_ptr<const FileDescriptor> file = sample_file();

  static Task<Response> wait(std::shared_ptr<Gate> gate) {
    ++gate->waiting;
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    while (!gate->open) {
      timer.expires_after(2ms);
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
    Response response;
    response.status = 204;
    co_return response;
  }

  static Task<Response> handle(std::shared_ptr<Gate> gate, Request& request) {
    const auto& segments = request.target.segments();
    const std::string path = request.target.path();
    const std::size_t number =
        segments.size() == 2 ? std::strtoul(segments[1].c_str(), nullptr, 10) : 0;
    if (path == "/text") co_return tagged("hello");
    if (path.starts_with("/text/")) co_return ok(std::string(number, 'x'));
    if (path.starts_with("/rope/")) co_return tagged(rope_of(number));
    if (path == "/file") co_return tagged(FileRange{gate->file, 100, 300'000});
    if (path == "/stream") co_return ok(stream({"one,", "two,", "three"}, false, std::nullopt));
    if (path == "/stream/sized") co_return ok(stream({"one,", "two"}, false, 7));
    if (path == "/stream/broken") co_return ok(stream({"one,"}, true, std::nullopt));
    if (path == "/stream/dead") co_return ok(stream({}, true, 7));
    if (path == "/echo") co_return co_await echo(*request.body);
    if (path == "/first") co_return co_await first(*request.body);
    if (path == "/ignore") co_return ok("ignored");
    if (path == "/wait") co_return co_await wait(gate);
    if (path == "/throw") throw std::runtime_error("the handler broke");
    if (path == "/certificate") co_return ok(request.client_certificate.value_or("(none)"));
    if (path == "/address") co_return ok(request.client_address);
    if (path == "/silent") {
      Response response;
      response.log = false;
      co_return response;
    }
    co_return json_error(404, "not found");
  }
};

telemetry::Log LogLines::log(telemetry::LogSettings settings) {
  return telemetry::Log::to(settings, [state = state_](std::string_view line) {
    const std::lock_guard lock(state->mutex);
    state->lines.emplace_back(line);
  });
}

std::vector<std::string> LogLines::lines() const {
  const std::lock_guard lock(state_->mutex);
  return state_->lines;
}

std::string LogLines::waited_for(std::string_view text) const {
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (std::chrono::steady_clock::now() < end) {
    for (const std::string& line : lines()) {
      if (line.find(text) != std::string::npos) return line;
    }
    std::this_thread::sleep_for(2ms);
  }
  return "";
}

ServerSettings quiet_settings() {
  ServerSettings settings;
  settings.host = "127.0.0.1";
  settings.port = 0;
  settings.threads = 1;
  return settings;
}

TestServer::TestServer(ServerSettings settings, telemetry::Log log)
    : gate_(std::make_shared<Gate>()),
      server_(
          std::move(settings),
          [gate = gate_](Request& request) { return Gate::handle(gate, request); },
          std::move(log)) {
  const auto port = server_.start();
  if (!port) throw std::runtime_error(port.error());
  port_ = *port;
}

TestServer::~TestServer() {
  release();
}

void TestServer::release() {
  gate_->open = true;
}

void TestServer::await_waiting(int count) const {
  while (gate_->waiting < count) std::this_thread::sleep_for(1ms);
}

}  // namespace chartmuseum::http::test

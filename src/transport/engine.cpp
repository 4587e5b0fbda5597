// SPDX-License-Identifier: Apache-2.0
#include "transport/engine.hpp"

#include "transport/transfer.hpp"
#include "transport/url.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <chrono>
#include <new>
#include <pthread.h>
#include <signal.h>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace chartmuseum::transport {
namespace {

/// libcurl asks for this once in a program; it says so itself.
void set_up_libcurl() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) throw std::runtime_error("libcurl does not start");
}

bool is_sendable(const Request& request) {
  const bool is_http = has_scheme(request.url, "http") || has_scheme(request.url, "https");
  // libcurl would take a URL up to a zero byte.
  const bool is_plain = std::ranges::none_of(
      request.url, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7F'; });
  return is_http && is_plain && is_token(request.method) &&
         std::ranges::all_of(request.headers.all(),
                             [](const Header& header) { return transport::is_sendable(header); });
}

constexpr std::string_view too_late = "no response in time";
constexpr std::string_view given_up = "cancelled";

}  // namespace

void Engine::Free::operator()(void* multi) const {
  curl_multi_cleanup(multi);
}

void Engine::FreeShare::operator()(void* share) const {
  curl_share_cleanup(share);
}

Engine::Engine(ClientSettings settings) : settings_(std::move(settings)) {
  set_up_libcurl();
  share_.reset(curl_share_init());
  multi_.reset(curl_multi_init());
  if (!share_ || !multi_) throw std::bad_alloc();
  // Without it each request would do a whole TLS handshake. One thread: no locks.
  curl_share_setopt(static_cast<CURLSH*>(share_.get()), CURLSHOPT_SHARE,
                    CURL_LOCK_DATA_SSL_SESSION);
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(settings_.in_flight));
  thread_ = std::thread([this] { run(); });
}

Engine::~Engine() {
  stop();
}

std::optional<Failure> Engine::submit(const std::shared_ptr<Exchange>& exchange) {
  if (!is_sendable(exchange->request())) {
    return exchange->failure(FailureKind::invalid,
                             "the method, the URL or a header cannot be sent");
  }
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return exchange->failure(FailureKind::cancelled, given_up);
    if (unstarted_ >= settings_.waiting) {
      return exchange->failure(FailureKind::busy, "too many requests are waiting");
    }
    ++unstarted_;
    submitted_.push_back(exchange);
  }
  curl_multi_wakeup(multi_.get());
  return std::nullopt;
}

void Engine::attend(const std::shared_ptr<Exchange>& exchange) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    attended_.push_back(exchange);
  }
  curl_multi_wakeup(multi_.get());
}

void Engine::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  curl_multi_wakeup(multi_.get());
  if (thread_.joinable()) thread_.join();
}

void Engine::run() {
  // OpenSSL writes to connections that may have ended; libcurl leaves the signal to its user.
  sigset_t broken_pipe;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);

  while (take_messages()) {
    start_waiting();
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    collect_ended();
    end_late();
    // Places that came free are filled at once.
    const bool can_start = !waiting_.empty() && active_.size() < settings_.in_flight;
    curl_multi_poll(multi_.get(), nullptr, 0, can_start ? 0 : patience(), nullptr);
  }
  end_all();
}

bool Engine::take_messages() {
  Exchanges submitted;
  Exchanges attended;
  {
    const std::lock_guard lock(mutex_);
    submitted.swap(submitted_);
    attended.swap(attended_);
    waiting_.insert(waiting_.end(), submitted.begin(), submitted.end());
    if (stopping_) return false;
  }
  attend_to(attended);
  return true;
}

void Engine::attend_to(const Exchanges& exchanges) {
  for (const auto& exchange : exchanges) {
    const auto transfer = std::ranges::find(active_, exchange.get(),
                                            [](const auto& active) { return &active->exchange(); });
    if (exchange->abandoned()) {
      if (transfer != active_.end()) remove(transfer);
      if (std::erase(waiting_, exchange) > 0) {
        const std::lock_guard lock(mutex_);
        --unstarted_;
      }
      exchange->finish(exchange->failure(FailureKind::cancelled, given_up));
    } else if (exchange->take_resumption() && transfer != active_.end()) {
      (*transfer)->resume();
    }
  }
}

void Engine::start_waiting() {
  while (!waiting_.empty() && active_.size() < settings_.in_flight) {
    const auto exchange = std::move(waiting_.front());
    waiting_.pop_front();
    {
      const std::lock_guard lock(mutex_);
      --unstarted_;
    }
    start(exchange);
  }
}

void Engine::start(const std::shared_ptr<Exchange>& exchange) try {
  auto transfer = std::make_unique<Transfer>(exchange, settings_, share_.get());
  if (curl_multi_add_handle(multi_.get(), transfer->handle()) != CURLM_OK) throw std::bad_alloc();
  active_.push_back(std::move(transfer));
} catch (const std::bad_alloc&) {
  exchange->finish(exchange->failure(FailureKind::busy, "no memory for another request"));
}

void Engine::collect_ended() {
  int left = 0;
  while (const CURLMsg* const message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* const easy = message->easy_handle;
    const CURLcode code = message->data.result;
    const auto transfer =
        std::ranges::find(active_, easy, [](const auto& active) { return active->handle(); });
    if (transfer == active_.end()) continue;
    (*transfer)->finish(code);
    remove(transfer);
  }
}

void Engine::end_late() {
  const auto now = Exchange::Clock::now();
  const auto is_late = [&](const Exchange& exchange) {
    const auto deadline = exchange.deadline();
    return deadline && *deadline <= now;
  };
  for (auto transfer = active_.begin(); transfer != active_.end();) {
    Exchange& exchange = (*transfer)->exchange();
    if (!is_late(exchange)) {
      ++transfer;
      continue;
    }
    exchange.finish(exchange.failure(FailureKind::timed_out, too_late));
    transfer = remove(transfer);
  }
  const std::size_t ended = std::erase_if(waiting_, [&](const auto& exchange) {
    const bool late = is_late(*exchange);
    if (late) exchange->finish(exchange->failure(FailureKind::timed_out, too_late));
    return late;
  });
  const std::lock_guard lock(mutex_);
  unstarted_ -= ended;
}

void Engine::end_all() {
  for (const auto& transfer : active_) {
    Exchange& exchange = transfer->exchange();
    exchange.finish(exchange.failure(FailureKind::cancelled, given_up));
  }
  while (!active_.empty()) remove(active_.begin());
  for (const auto& exchange : waiting_) {
    exchange->finish(exchange->failure(FailureKind::cancelled, given_up));
  }
  waiting_.clear();
}

Engine::Transfers::iterator Engine::remove(Transfers::iterator transfer) {
  curl_multi_remove_handle(multi_.get(), (*transfer)->handle());
  return active_.erase(transfer);
}

int Engine::patience() const {
  using std::chrono::milliseconds;
  constexpr milliseconds longest{60'000};
  auto next = Exchange::Clock::now() + longest;
  const auto consider = [&](const Exchange& exchange) {
    if (const auto deadline = exchange.deadline()) next = std::min(next, *deadline);
  };
  for (const auto& transfer : active_) consider(transfer->exchange());
  for (const auto& exchange : waiting_) consider(*exchange);
  const auto left = std::chrono::ceil<milliseconds>(next - Exchange::Clock::now());
  return static_cast<int>(std::max(left, milliseconds{0}).count());
}

}  // namespace chartmuseum::transport

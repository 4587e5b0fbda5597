// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/key_source.hpp"
#include "base/task.hpp"
#include "telemetry/log.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <expected>
#include <functional>
#include <memory>
#include <string>

namespace chartmuseum::auth {

/// The keys of an OpenID Connect issuer (--auth-oidc-issuer), found by its name: its description of
/// itself says where its key set is (OpenID Connect Discovery 1.0). They are fetched when they are
/// first asked for, and anew once a quarter of an hour and when a token is signed with an unknown
/// key: one fetch at a time, whoever waits for it, and none within ten seconds of the last. If
/// that fails, those from before stay in force for a day. Thread-safe.
class OpenidIssuer final : public KeySource {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;
  /// Gets what is at a URL: the body of a response with status 200, or why there is none, in words
  /// without secrets. It bounds the size (a megabyte is plenty) and the time, checks
  /// certificates, and follows no redirection to plain http. May be called on any thread of the
  /// executor that the issuer was given.
  using HttpGet = std::function<Task<std::expected<std::string, std::string>>(std::string url)>;

  struct Settings {
    std::string issuer;
    bool allow_http = false;  // for tests: plain http also to other machines
    std::chrono::seconds refresh_interval = std::chrono::minutes(15);
    std::chrono::seconds stale_for = std::chrono::hours(24);  // since the last good answer
    std::chrono::seconds least_interval{10};                  // between fetches
    std::chrono::milliseconds wait{10'000};                   // no request waits longer for a fetch
    telemetry::Log log = telemetry::Log::discarding();
    Clock clock = &std::chrono::steady_clock::now;
  };

  /// Fetches nothing yet. `executor` runs the fetches, and who waits for them; like what `get`
  /// uses, it must not go before they have ended. The error is one for the command line.
  [[nodiscard]] static std::expected<std::shared_ptr<OpenidIssuer>, std::string> open(
      Settings settings, HttpGet get, boost::asio::any_io_executor executor);
  ~OpenidIssuer() override;

  /// Null until the first fetch has succeeded, and when the last good answer is too old. Begins a
  /// fetch that is due, and does not wait for it.
  [[nodiscard]] KeySetPointer current() override;
  [[nodiscard]] Task<KeySetPointer> renew(KeySetPointer seen) override;

 private:
  class Fetcher;
  explicit OpenidIssuer(std::shared_ptr<Fetcher> fetcher);
  std::shared_ptr<Fetcher> fetcher_;
};

}  // namespace chartmuseum::auth

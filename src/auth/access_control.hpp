// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/action.hpp"
#include "auth/credentials.hpp"
#include "auth/key_files.hpp"
#include "auth/login_brake.hpp"
#include "auth/openid_issuer.hpp"
#include "auth/password_file.hpp"
#include "auth/policy.hpp"
#include "auth/reloaded_file.hpp"
#include "auth/settings.hpp"
#include "auth/single_user.hpp"
#include "auth/token_actions.hpp"
#include "auth/token_verifier.hpp"
#include "base/task.hpp"
#include "base/worker_pool.hpp"
#include "telemetry/log.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::auth {

/// Who asks: what a request brings. Refers to the request's texts.
struct Visitor {
  std::string_view authorization;               // the header's value; "" if there is none
  std::string_view address;                     // of the client, without port
  std::optional<std::string_view> certificate;  // subject (RFC 2253) of a verified one
};

/// Why somebody may not do what was asked for.
struct Denial {
  enum class Kind {
    unauthorized,  // 401: credentials are missing, wrong, or not enough for this
    forbidden,     // 403: it is known who asks, and that is not allowed
    slowed,        // 429: too many wrong guesses; nothing was looked at
    unavailable,   // 503: it cannot be found out now
  };
  Kind kind = Kind::unauthorized;
  std::vector<std::string> challenges;  // values of WWW-Authenticate
  std::chrono::seconds retry_after{0};  // 0: no use in trying again
  std::string reason;                   // for the log; holds nothing secret
};

/// Decides who may do what. Everything that comes in passes here. Thread-safe.
class AccessControl {
 public:
  /// What waits for others: passwords are hashed on threads of its own, key sets are fetched by
  /// `get` on `executor`. Both must outlive it.
  struct Surroundings {
    telemetry::Log log = telemetry::Log::discarding();
    OpenidIssuer::HttpGet get;  // needed for --auth-oidc-issuer only
    boost::asio::any_io_executor executor;
  };

  /// Reads the files. The error is one for the command line.
  [[nodiscard]] static std::expected<std::unique_ptr<AccessControl>, std::string> open(
      const Settings& settings, Surroundings surroundings);

  /// Nothing, if the visitor may do this with this repository ("" at depth 0). What `visitor`
  /// refers to must stay valid until the task ends.
  [[nodiscard]] Task<std::optional<Denial>> check(Visitor visitor, std::string_view repository,
                                                  Action action);

  /// Whether everybody may do this, so that the answer may be kept for others.
  [[nodiscard]] bool is_public(Action action) const;

  /// Looks for changed files at once, for SIGHUP.
  void look_now();

 private:
  struct Request {
    Visitor visitor;
    std::string_view repository;
    Action action;
  };
  using Verdict = std::optional<Denial>;

  explicit AccessControl(const Settings& settings, telemetry::Log log);

  [[nodiscard]] bool takes_passwords() const { return single_user_ || password_file_; }
  [[nodiscard]] bool takes_credentials() const { return takes_passwords() || tokens_; }

  Task<Verdict> check_login(Request request, BasicCredentials login);
  Task<bool> is_right(BasicCredentials login);
  Task<Verdict> check_token(Request request, Secret token);
  [[nodiscard]] Verdict check_policy(const Request& request,
                                     std::optional<std::string_view> user) const;
  [[nodiscard]] bool claims_allow(const Claims& claims, const Request& request) const;
  [[nodiscard]] Denial unauthorized(const Request& request, std::string reason) const;

  bool anonymous_pull_;
  std::string realm_;
  std::string service_;
  std::optional<SingleUser> single_user_;
  std::unique_ptr<PasswordFile> password_file_;
  std::unique_ptr<ReloadedFile<Policy>> policy_;
  std::unique_ptr<TokenVerifier> tokens_;
  std::unique_ptr<TokenActions> token_actions_;
  bool actions_searched_ = false;  // by an expression of the user's own
  std::shared_ptr<KeyFiles> key_files_;
  LoginBrake brake_;
  std::atomic<std::size_t> hashing_{0};  // logins that wait for a hash
  std::unique_ptr<WorkerPool> hashers_;
};

}  // namespace chartmuseum::auth

// SPDX-License-Identifier: Apache-2.0
#include "auth/access_control.hpp"

#include "auth/challenge.hpp"

#include <algorithm>
#include <utility>

namespace chartmuseum::auth {

namespace {

using Kind = Denial::Kind;

constexpr std::string_view kBasicRealm = "ChartMuseum";  // as the Go server's

constexpr std::size_t kHashingThreads = 2;
/// Logins that wait for a hash; what comes on top is asked to come back. At 50 ms each, two at a
/// time, the last of them waits as long as a patient client does; most wait for one of the same
/// client, whose result will do.
constexpr std::size_t kMostHashing = 512;
constexpr std::chrono::seconds kBusy{1};

/// Passwords that nobody chooses: a token in compact form begins with a JSON object in base64url.
bool looks_like_token(std::string_view password) {
  return password.starts_with("ey") && std::ranges::count(password, '.') == 2;
}

/// Counts one up while it lives.
class Counted {
 public:
  explicit Counted(std::atomic<std::size_t>& count) : count_(count), before_(count++) {}
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { --count_; }
  [[nodiscard]] std::size_t before() const { return before_; }

 private:
  std::atomic<std::size_t>& count_;
  std::size_t before_;
};

Denial slowed(std::chrono::seconds wait, std::string reason) {
  return {.kind = Kind::slowed,
          .challenges = {},
          .retry_after = std::max(wait, kBusy),
          .reason = std::move(reason)};
}

Denial unavailable(std::string reason) {
  return {.kind = Kind::unavailable,
          .challenges = {},
          .retry_after = kBusy,
          .reason = std::move(reason)};
}

}  // namespace

AccessControl::AccessControl(const Settings& settings, telemetry::Log log)
    : anonymous_pull_(settings.anonymous_pull),
      realm_(settings.realm),
      service_(settings.service),
      brake_({.log = std::move(log)}) {}

std::expected<std::unique_ptr<AccessControl>, std::string> AccessControl::open(
    const Settings& settings, Surroundings surroundings) {
  std::unique_ptr<AccessControl> access(new AccessControl(settings, surroundings.log));
  if (!settings.user.empty()) {
    Secret password = settings.password;
    if (!settings.password_file.empty()) {
      auto read = read_password_of_file(settings.password_file);
      if (!read) return std::unexpected("--basic-auth-pass-file: " + read.error());
      password = std::move(*read);
    }
    access->single_user_.emplace(settings.user, password);
  }
  if (!settings.htpasswd_file.empty()) {
    auto file = PasswordFile::open(settings.htpasswd_file, surroundings.log);
    if (!file) return std::unexpected(std::move(file.error()));
    access->password_file_ = std::move(*file);
    access->hashers_ = std::make_unique<WorkerPool>(kHashingThreads);
  }
  if (!settings.policy_file.empty()) {
    auto policy = ReloadedFile<Policy>::open(
        {.path = settings.policy_file, .purpose = "policy", .log = surroundings.log},
        &Policy::parse);
    if (!policy) return std::unexpected(std::move(policy.error()));
    access->policy_ = std::move(*policy);
  }
  if (!settings.bearer) return access;

  TokenVerifier::Settings verifier;
  if (!settings.issuer.empty()) {
    auto issuer = OpenidIssuer::open({.issuer = settings.issuer, .log = surroundings.log},
                                     std::move(surroundings.get), surroundings.executor);
    if (!issuer) return std::unexpected(std::move(issuer.error()));
    verifier.keys = std::move(*issuer);
    verifier.issuer = settings.issuer;
    verifier.audience = settings.service;
  } else {
    auto files = KeyFiles::open({.paths = settings.key_files, .log = surroundings.log});
    if (!files) return std::unexpected(std::move(files.error()));
    access->key_files_ = std::move(*files);
    verifier.keys = access->key_files_;
  }
  access->tokens_ = std::make_unique<TokenVerifier>(std::move(verifier));

  access->actions_searched_ = !settings.actions_search_path.empty();
  if (!access->actions_searched_) {
    access->token_actions_ = access_claim_actions();
  } else if (auto searched = searched_actions(settings.actions_search_path)) {
    access->token_actions_ = std::move(*searched);
  } else {
    return std::unexpected("--auth-actions-search-path: " + searched.error());
  }
  return access;
}

bool AccessControl::is_public(Action action) const {
  if (!takes_credentials() && !policy_) return true;
  return anonymous_pull_ && action == Action::pull;
}

void AccessControl::look_now() {
  if (password_file_) password_file_->look_now();
  if (policy_) policy_->look_now();
  if (key_files_) key_files_->look_now();
}

Task<std::optional<Denial>> AccessControl::check(Visitor visitor, std::string_view repository,
                                                 Action action) {
  if (is_public(action)) co_return std::nullopt;
  const Request request{.visitor = visitor, .repository = repository, .action = action};
  Credentials credentials = NoCredentials{};
  if (takes_credentials()) credentials = parse_credentials(visitor.authorization);

  if (auto* login = std::get_if<BasicCredentials>(&credentials)) {
    const bool is_token =
        tokens_ && (!takes_passwords() || looks_like_token(login->password.reveal()));
    Task<Verdict> checking = is_token ? check_token(request, std::move(login->password))
                                      : check_login(request, std::move(*login));
    co_return co_await std::move(checking);
  }
  if (auto* bearer = std::get_if<BearerCredentials>(&credentials)) {
    if (!tokens_) co_return unauthorized(request, "bearer tokens are not taken here");
    Task<Verdict> checking = check_token(request, std::move(bearer->token));
    co_return co_await std::move(checking);
  }
  if (const auto* malformed = std::get_if<MalformedCredentials>(&credentials)) {
    co_return unauthorized(request, std::string(malformed->reason));
  }
  if (std::holds_alternative<UnsupportedScheme>(credentials)) {
    co_return unauthorized(request, "a scheme of authentication that is not taken here");
  }
  // A certificate says who it is, but only a policy says what that is good for.
  if (policy_) co_return check_policy(request, visitor.certificate);
  co_return unauthorized(request, "no credentials");
}

Task<AccessControl::Verdict> AccessControl::check_login(Request request, BasicCredentials login) {
  const LoginBrake::Login attempt{
      .address = request.visitor.address, .user = login.user, .password = login.password.reveal()};
  const LoginBrake::Decision decision = brake_.check(attempt);
  if (decision.verdict == LoginBrake::Verdict::wait) {
    co_return slowed(decision.wait, "too many wrong logins");
  }
  if (decision.verdict == LoginBrake::Verdict::known_wrong) {
    co_return unauthorized(request, "the same wrong login as before");
  }
  const std::string user = login.user;
  bool right = (single_user_ && single_user_->matches(user, login.password.reveal())) ||
               (password_file_ && password_file_->recently_verified(user, login.password.reveal()));
  if (!right && decision.verdict == LoginBrake::Verdict::try_cheaply) {
    brake_.failed(attempt);
    co_return slowed(decision.wait, "too many wrong logins");
  }
  if (!right && password_file_) {
    const Counted counted(hashing_);
    if (counted.before() >= kMostHashing) co_return unavailable("too many logins at once");
    // Of one client's that come together the first is hashed, the others find its result.
    right = co_await hashers_->run(
        [&] { return password_file_->verify(user, login.password.reveal()); });
  }
  if (!right) {
    brake_.failed(attempt);
    co_return unauthorized(request, "wrong user or password");
  }
  brake_.succeeded(attempt);
  if (policy_) co_return check_policy(request, user);
  co_return std::nullopt;
}

Task<AccessControl::Verdict> AccessControl::check_token(Request request, Secret token) {
  Task<std::expected<Claims, TokenRefusal>> verifying = tokens_->verify(token.reveal());
  const auto claims = co_await std::move(verifying);
  if (!claims) {
    if (claims.error().cause == TokenRefusal::Cause::keys_unavailable) {
      co_return unavailable(claims.error().reason);
    }
    co_return unauthorized(request, claims.error().reason);
  }
  if (!claims_allow(*claims, request)) {
    co_return unauthorized(request, "the token does not allow this");
  }
  if (!policy_) co_return std::nullopt;
  const auto subject = claims->subject();
  if (!subject) co_return unauthorized(request, "the token does not say whom it is about");
  const std::string user = token_user(*subject);
  co_return check_policy(request, user);
}

/// With a policy a token only has to say who it is about; but what it says of actions bounds it.
bool AccessControl::claims_allow(const Claims& claims, const Request& request) const {
  if (policy_ && !actions_searched_ && !claims.object().contains("access")) return true;
  return token_actions_->allow(claims, request.repository, request.action);
}

AccessControl::Verdict AccessControl::check_policy(const Request& request,
                                                   std::optional<std::string_view> user) const {
  if (policy_->current()->allows(user, request.repository, request.action)) return std::nullopt;
  if (!user && takes_credentials()) return unauthorized(request, "no credentials");
  return Denial{.kind = Kind::forbidden,
                .challenges = {},
                .reason = user ? "the policy does not allow this" : "not allowed to anonymous"};
}

Denial AccessControl::unauthorized(const Request& request, std::string reason) const {
  Denial denial{.kind = Kind::unauthorized, .challenges = {}, .reason = std::move(reason)};
  if (tokens_) {
    denial.challenges.push_back(
        bearer_challenge(realm_, service_, request.repository, request.action));
  }
  if (takes_passwords()) denial.challenges.push_back(basic_challenge(kBasicRealm));
  return denial;
}

}  // namespace chartmuseum::auth

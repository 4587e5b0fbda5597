// SPDX-License-Identifier: Apache-2.0
// Puts the rooms together and turns signals into stop and reload.
#include "api/api.hpp"
#include "auth/access_control.hpp"
#include "base/worker_pool.hpp"
#include "http/server.hpp"
#include "options/options.hpp"
#include "repository/museum.hpp"
#include "storage/open_store.hpp"
#include "telemetry/log.hpp"
#include "transport/client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <utility>
#include <variant>
#include <vector>

namespace {

using namespace chartmuseum;

// Kubernetes kills a pod 30 seconds after SIGTERM; the statefile is to be written before.
constexpr std::chrono::seconds kGrace{20};
constexpr std::chrono::seconds kEnding{8};  // for the statefiles, after those requests

std::optional<std::string> environment_variable(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

int fail(const std::string& message) {
  std::cerr << "chartmuseum: " << message << '\n';
  return EXIT_FAILURE;
}

/// Workers mostly wait for the disk or run compute-bound package reads: some more than cores.
std::size_t worker_count() {
  return std::max<std::size_t>(4, 2 * std::size_t{std::thread::hardware_concurrency()});
}

sigset_t stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

void block_reload_signal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

/// From here on a signal ends the process at once: there is nothing to wait for, or whoever sends
/// a second one means it. (A handler, because the kernel ignores default actions for process 1 of
/// a container.)
void leave_at_next_signal() {
  struct sigaction action{};
  action.sa_handler = [](int signal) { _exit(128 + signal); };
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

/// A storage that answers nothing must not keep the process for longer than it is given: what was
/// acknowledged is durable, and a statefile that is missing costs the next start some time.
void leave_after(std::chrono::seconds time) {
  struct sigaction action{};
  action.sa_handler = [](int) {
    constexpr std::string_view kWords = "chartmuseum: not everything ended in time\n";
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kWords.data(), kWords.size());
    _exit(EXIT_FAILURE);
  };
  sigaction(SIGALRM, &action, nullptr);
  ::alarm(static_cast<unsigned>(time.count()));
}

/// Runs a task to its end on this thread.
void run(Task<> task) {
  boost::asio::io_context context;
  std::exception_ptr failure;
  boost::asio::co_spawn(context, std::move(task),
                        [&failure](std::exception_ptr thrown) { failure = std::move(thrown); });
  context.run();
  if (failure) std::rethrow_exception(failure);
}

Task<> print_index(repository::Museum& museum, int& exit_code) {
  const auto repository = museum.repository("");
  const auto index = co_await repository->index();
  if (!index) {
    exit_code = fail("the index cannot be made: " + index.error().detail);
    co_return;
  }
  for (const Rope::Piece& piece : (*index)->document().pieces()) std::cout << piece.text;
  std::cout.flush();
  exit_code = std::cout ? EXIT_SUCCESS : fail("the index cannot be written to standard output");
}

int await_signal(const sigset_t& signals) {
  int signal = 0;
  sigwait(&signals, &signal);
  return signal;
}

/// SIGHUP, and once a second a look whether files have changed, until a signal says to stop.
int serve_until_stopped(http::Server& server, auth::AccessControl& access,
                        const telemetry::Log& log) {
  sigset_t signals = stop_signals();
  sigaddset(&signals, SIGHUP);
  for (;;) {
    constexpr timespec kInterval{.tv_sec = 1, .tv_nsec = 0};
    const int signal = sigtimedwait(&signals, nullptr, &kInterval);
    if (signal == SIGHUP) {
      log.info("Reloading", {{"signal", std::string_view(strsignal(signal))}});
      server.reload();
      access.look_now();
    } else if (signal > 0) {
      return signal;
    } else if (errno == EAGAIN) {
      server.reload_if_changed();
    }
  }
}

/// Whether there are files that may change while the server runs, or be said to have by SIGHUP.
bool has_files_to_reload(const options::Options& options) {
  const auth::Settings& access = options.access;
  return options.server.tls.enabled() || !access.htpasswd_file.empty() ||
         !access.policy_file.empty() || !access.key_files.empty();
}

/// What is at a URL of an OpenID Connect issuer.
Task<std::expected<std::string, std::string>> get_text(std::shared_ptr<transport::Client> client,
                                                       std::string url) {
  transport::Request request;
  request.url = std::move(url);
  request.response_limit = 1 << 20;
  request.timeouts.whole = std::chrono::seconds(10);
  Task<transport::Result<transport::Response>> sending = client->send(std::move(request));
  auto response = co_await std::move(sending);
  if (!response) co_return std::unexpected(std::move(response.error().detail));
  if (response->status != 200) {
    co_return std::unexpected("its answer is " + std::to_string(response->status));
  }
  co_return std::move(response->body);
}

int serve(options::Options options, repository::Museum& museum, WorkerPool& workers,
          const telemetry::Log& log) {
  auth::OpenidIssuer::HttpGet get;
  if (!options.access.issuer.empty()) {  // a client has a thread, so only where somebody is asked
    get = [client = std::make_shared<transport::Client>()](std::string url) {
      return get_text(client, std::move(url));
    };
  }
  const bool reloads = has_files_to_reload(options);
  const auto access = auth::AccessControl::open(
      options.access, {.log = log, .get = std::move(get), .executor = workers.executor()});
  if (!access) return fail(access.error());
  const std::string host = options.server.host;
  const std::string version = options.api.version;
  const bool one_repository = options.api.depth == 0;
  http::Server server(std::move(options.server),
                      api::make_handler(std::move(options.api), museum, **access, workers, log),
                      log);
  const auto port = server.start();
  if (!port) return fail(port.error());
  log.info("Starting ChartMuseum", {{"host", std::string_view(host)},
                                    {"port", std::int64_t{*port}},
                                    {"version", std::string_view(version)}});
  if (one_repository) museum.warm("");

  const int signal =
      reloads ? serve_until_stopped(server, **access, log) : await_signal(stop_signals());
  leave_at_next_signal();
  log.info("Stopping ChartMuseum", {{"signal", std::string_view(strsignal(signal))}});
  leave_after(kGrace + kEnding);
  server.stop(kGrace);
  run(museum.close());
  return EXIT_SUCCESS;
}

int start(options::Options options) {
  // Before threads start, which inherit it. Without files to reload, SIGHUP ends the process as it
  // would any other.
  if (has_files_to_reload(options)) block_reload_signal();
  options.log.colour = ::isatty(STDERR_FILENO) == 1;
  const telemetry::Log log(options.log);
  for (const std::string& warning : options.warnings) log.warn(warning);

  if (options.gen_index) options.repository.index_wait = std::chrono::hours(24);  // nobody is kept
  WorkerPool workers(worker_count());
  int exit_code = EXIT_FAILURE;
  {
    const auto store = storage::open_store(options.store, options.package_cache,
                                           environment_variable, workers, log);
    if (!store) return fail(store.error());
    repository::Museum museum(options.repository, *store, workers, log);
    if (options.gen_index) {
      leave_at_next_signal();
      run(print_index(museum, exit_code));
      run(museum.close());
    } else {
      exit_code = serve(std::move(options), museum, workers, log);
    }
    workers.join();
  }
  return exit_code;  // the log writes what is left of it as it goes
}

}  // namespace

int main(int argc, char** argv) {
  // Before there are threads, which all inherit it: only the main thread waits for these.
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // a write to a gone client is an error like any other,
  std::signal(SIGXFSZ, SIG_IGN);  // and so is one beyond the limit for files

  try {
    const std::vector<std::string_view> arguments(argv + 1, argv + argc);
    auto options = options::read_options(arguments, environment_variable);
    if (!options) return fail(options.error().message);
    if (const auto* printout = std::get_if<options::Printout>(&*options)) {
      std::cout << printout->text;
      return EXIT_SUCCESS;
    }
    return start(std::move(std::get<options::Options>(*options)));
  } catch (const std::exception& failure) {
    return fail(failure.what());
  }
}

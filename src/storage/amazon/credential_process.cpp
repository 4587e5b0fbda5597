// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/credential_process.hpp"

#include "base/file_descriptor.hpp"
#include "storage/awaited.hpp"

#include <boost/asio/this_coro.hpp>

#include <array>
#include <csignal>
#include <expected>
#include <fcntl.h>
#include <memory>
#include <optional>
#include <poll.h>
#include <spawn.h>
#include <stop_token>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace chartmuseum::storage::amazon {

namespace {

constexpr std::size_t kMostOutput = 64UL * 1024;

std::unexpected<Failure> failed(FailureKind kind, const std::string& problem) {
  return std::unexpected(Failure{
      kind, "the profile's credential_process " + problem + " (run it by hand to see why)"});
}

/// A program with all that it starts, in a process group of its own.
class Child {
 public:
  /// Its output goes to `output`. No process: it cannot be started.
  Child(const std::string& command, int output) {
    posix_spawn_file_actions_t actions{};
    posix_spawnattr_t attributes{};
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, output, 1);
    ::posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    std::string shell = "/bin/sh";
    std::string option = "-c";
    std::string text = command;
    const std::array<char*, 4> arguments{shell.data(), option.data(), text.data(), nullptr};
    if (::posix_spawn(&process_, shell.c_str(), &actions, &attributes, arguments.data(), environ) !=
        0) {
      process_ = -1;
    }
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { end(); }

  explicit operator bool() const { return process_ > 0; }

  /// Kills what is left of it.
  void end() {
    if (process_ <= 0) return;
    ::kill(-process_, SIGKILL);
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
  }

  /// Whether it has ended, and with what status.
  std::optional<int> poll_end() {
    int status = 0;
    if (::waitpid(process_, &status, WNOHANG) != process_) return std::nullopt;
    ::kill(-process_, SIGKILL);  // what it has left behind
    process_ = -1;
    return status;
  }

 private:
  pid_t process_ = -1;
};

Result<std::string> output_of(const std::stop_token& stop, const std::string& command,
                              std::chrono::milliseconds deadline) {
  using enum FailureKind;
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failed(unavailable, "cannot be started");
  const FileDescriptor reading(ends[0]);
  FileDescriptor writing(ends[1]);
  Child child(command, writing.get());
  writing.reset();
  if (!child) return failed(unavailable, "cannot be started");

  constexpr std::chrono::milliseconds kTick{50};
  const auto until = std::chrono::steady_clock::now() + deadline;
  std::string output;
  bool open = true;
  for (;;) {
    if (stop.stop_requested() || std::chrono::steady_clock::now() > until) {
      return failed(unavailable, "did not end in time");
    }
    if (!open) {
      if (const auto status = child.poll_end()) {
        if (!WIFEXITED(*status) || WEXITSTATUS(*status) != 0) return failed(denied, "has failed");
        return output;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      continue;
    }
    pollfd waiting{reading.get(), POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(kTick.count())) <= 0) continue;
    std::array<char, 4096> piece{};
    const ssize_t count = ::read(reading.get(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      open = false;
      continue;
    }
    output.append(piece.data(), static_cast<std::size_t>(count));
    if (output.size() > kMostOutput) return failed(denied, "prints too much");
  }
}

}  // namespace

Task<Result<std::string>> CredentialProcess::run(std::string command) {
  auto result =
      std::make_shared<Awaited<Result<std::string>>>(co_await boost::asio::this_coro::executor);
  {
    const std::lock_guard lock(mutex_);
    thread_ = std::jthread(
        [result, command = std::move(command), deadline = deadline_](const std::stop_token& stop) {
          result->reply->set(output_of(stop, command, deadline));
        });
  }
  Task<Result<std::string>> waiting = result->reply->wait();
  co_return co_await std::move(waiting);
}

}  // namespace chartmuseum::storage::amazon

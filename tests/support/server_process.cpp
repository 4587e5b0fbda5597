// SPDX-License-Identifier: Apache-2.0
#include "support/server_process.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace chartmuseum::test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kPatience = std::chrono::minutes(3);  // for machines that are busy
constexpr auto kPatienceToEnd = std::chrono::seconds(30);
constexpr int kCannotBeHad = 77;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }

  [[nodiscard]] int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }
  void close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }

 private:
  int number_;
};

struct Pipe {
  Pipe() : Pipe(open()) {}
  explicit Pipe(std::array<int, 2> ends) : reading(ends[0]), writing(ends[1]) {}

  // Not to be had by other servers, which would keep this one alive.
  static std::array<int, 2> open() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe2");
    return ends;
  }

  Descriptor reading;
  Descriptor writing;
};

std::vector<std::string> command_of(const std::string& name,
                                    const std::vector<std::string>& options) {
  const std::filesystem::path launcher = std::filesystem::path(TEST_SERVERS) / (name + ".py");
  if (!std::filesystem::exists(launcher)) {
    throw std::invalid_argument("there is no launcher " + launcher.native());
  }
  // Debian's Python, which has Debian's Swift.
  std::vector<std::string> command{"/usr/bin/python3", launcher};
  command.insert(command.end(), options.begin(), options.end());
  return command;
}

/// The process, or nothing where the program is not installed.
std::optional<pid_t> spawn(std::vector<std::string> command, int input, int output, int errors) {
  std::vector<char*> arguments;
  for (std::string& argument : command) arguments.push_back(argument.data());
  arguments.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
  pid_t process = -1;
  const int failure =
      ::posix_spawnp(&process, arguments.front(), &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failure == ENOENT) return std::nullopt;
  if (failure != 0) throw std::system_error(failure, std::generic_category(), "posix_spawnp");
  return process;
}

/// One line, or what came of it before the end or the deadline.
std::string read_line(int descriptor, Clock::time_point deadline) {
  std::string line;
  for (char character = '\0';;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd waiting{.fd = descriptor, .events = POLLIN, .revents = 0};
    if (left <= 0) return line;
    if (::poll(&waiting, 1, static_cast<int>(left)) < 0 && errno != EINTR) fail("poll");
    if (waiting.revents == 0) continue;
    const ssize_t got = ::read(descriptor, &character, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return line;
    line += character;
    if (character == '\n') return line;
  }
}

std::string written_to(int file) {
  std::array<char, 8192> buffer{};
  const ssize_t got = ::pread(file, buffer.data(), buffer.size(), 0);
  std::string text(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

/// Its exit code, or -1 where a signal, in the end ours, ended it.
int await_end(pid_t process) {
  const auto deadline = Clock::now() + kPatienceToEnd;
  int status = 0;
  while (::waitpid(process, &status, WNOHANG) == 0) {
    if (Clock::now() > deadline) {
      ::kill(process, SIGKILL);
      ::waitpid(process, &status, 0);
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::map<std::string, std::string> parse_facts(const std::string& line) {
  std::map<std::string, std::string> facts;
  const nlohmann::json object = nlohmann::json::parse(line);
  for (const auto& [name, value] : object.items()) {
    facts.emplace(name, value.is_string() ? value.get<std::string>() : value.dump());
  }
  return facts;
}

}  // namespace

std::expected<ServerProcess, std::string> ServerProcess::start(
    const std::string& name, const std::vector<std::string>& options) {
  Pipe input;
  Pipe output;
  const Descriptor errors(::memfd_create("errors", MFD_CLOEXEC));
  if (errors.get() < 0) fail("memfd_create");

  const std::vector<std::string> command = command_of(name, options);
  const auto process = spawn(command, input.reading.get(), output.writing.get(), errors.get());
  if (!process) return std::unexpected(command.front() + " is not installed");
  input.reading.close();
  output.writing.close();
  ServerProcess server(*process, input.writing.release());

  const std::string line = read_line(output.reading.get(), Clock::now() + kPatience);
  if (!line.ends_with('\n')) {
    ::close(std::exchange(server.input_, -1));
    ::kill(server.process_, SIGTERM);  // it may be waiting for its server, not for its input
    const int code = await_end(std::exchange(server.process_, -1));
    const std::string reason = name + ": " + written_to(errors.get());
    if (code == kCannotBeHad) return std::unexpected(reason);
    throw std::runtime_error(reason + " (the launcher ended with " + std::to_string(code) + ")");
  }
  server.facts_ = parse_facts(line);
  return server;
}

ServerProcess::ServerProcess(ServerProcess&& other) noexcept
    : process_(std::exchange(other.process_, -1)),
      input_(std::exchange(other.input_, -1)),
      facts_(std::move(other.facts_)) {}

ServerProcess::~ServerProcess() {
  if (input_ >= 0) ::close(input_);
  if (process_ > 0) await_end(process_);
}

const std::string& ServerProcess::fact(const std::string& name) const {
  return facts_.at(name);
}

}  // namespace chartmuseum::test

// SPDX-License-Identifier: Apache-2.0
// Requests of several kinds in a fixed proportion over kept-alive connections, with latencies for
// each kind, which wrk cannot tell apart. One thread; each connection takes the next request of a
// common sequence.
//
//   bench_load <port> <connections> <seconds> <rate> <push file or ->
//   <kind>:<weight>:<method>:<path>...
//
// Method PUSH posts the next package of the file to <path>; DELETE takes the oldest pushed one away
// below <path>. With a rate (requests a second, 0 for none) a latency counts from when the request
// was due. Prints one JSON object.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <iterator>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Kind {
  std::string name;
  int weight = 1;
  std::string method;
  std::string path;
  std::vector<double> latencies;  // milliseconds
  std::size_t errors = 0;
  int error_status = 0;  // of the last one
  std::size_t bytes = 0;
};

struct Package {
  std::string named;  // name/version
  std::string bytes;
};

std::vector<Package> read_packages(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string all((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::size_t at = 0;
  const auto text = [&] {
    std::uint32_t size = 0;
    for (int i = 0; i < 4; ++i) size = size << 8 | static_cast<unsigned char>(all.at(at++));
    at += size;
    return all.substr(at - size, size);
  };
  std::vector<Package> packages;
  while (at < all.size()) {
    std::string named = text();
    packages.push_back({std::move(named), text()});
  }
  return packages;
}

/// The kinds of one cycle, each as evenly spread as its weight lets it.
std::vector<std::size_t> cycle_of(const std::vector<Kind>& kinds) {
  int total = 0;
  for (const Kind& kind : kinds) total += kind.weight;
  std::vector<int> credit(kinds.size(), 0);
  std::vector<std::size_t> cycle;
  for (int i = 0; i < total; ++i) {
    for (std::size_t k = 0; k < kinds.size(); ++k) credit[k] += kinds[k].weight;
    const auto best = std::ranges::max_element(credit);
    *best -= total;
    cycle.push_back(static_cast<std::size_t>(best - credit.begin()));
  }
  return cycle;
}

struct Request {
  std::size_t kind = 0;
  std::size_t package = 0;  // of a push or a deletion
  std::string bytes;
};

/// What is to be asked for next.
class Sequence {
 public:
  Sequence(std::vector<Kind>& kinds, std::vector<Package> packages)
      : kinds_(kinds), packages_(std::move(packages)), cycle_(cycle_of(kinds)) {
    for (std::size_t i = 0; i < packages_.size(); ++i) unused_.push_back(i);
  }

  Request next() {
    for (std::size_t tries = 0; tries < 2 * cycle_.size(); ++tries) {
      const std::size_t kind = cycle_[at_++ % cycle_.size()];
      const Kind& wanted = kinds_[kind];
      if (wanted.method == "PUSH") {
        const auto package = take(unused_);
        if (!package) throw std::runtime_error("the push file has too few packages");
        const std::string& body = packages_[*package].bytes;
        return {kind, *package,
                head("POST", wanted.path) + "Content-Type: application/gzip\r\nContent-Length: " +
                    std::to_string(body.size()) + "\r\n\r\n" + body};
      }
      if (wanted.method == "DELETE") {
        const auto package = take(pushed_);
        if (!package) continue;  // none is there yet
        return {kind, *package,
                head("DELETE", wanted.path + "/" + packages_[*package].named) + "\r\n"};
      }
      return {kind, 0, head(wanted.method, wanted.path) + "\r\n"};
    }
    throw std::runtime_error("nothing can be asked for");
  }

  void answered(const Request& request, bool well) {
    if (!well) return;
    if (kinds_[request.kind].method == "PUSH") pushed_.push_back(request.package);
    if (kinds_[request.kind].method == "DELETE") unused_.push_back(request.package);
  }

 private:
  static std::optional<std::size_t> take(std::deque<std::size_t>& from) {
    if (from.empty()) return std::nullopt;
    const std::size_t first = from.front();
    from.pop_front();
    return first;
  }
  static std::string head(const std::string& method, const std::string& path) {
    return method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  }

  std::vector<Kind>& kinds_;
  std::vector<Package> packages_;
  std::vector<std::size_t> cycle_;
  std::size_t at_ = 0;
  std::deque<std::size_t> unused_;
  std::deque<std::size_t> pushed_;
};

/// Reads one answer: its head, then as many bytes as it announces.
class Answer {
 public:
  explicit Answer(bool to_head) : to_head_(to_head) {}

  /// Takes what came; true once the answer is whole.
  bool take(std::string_view bytes) {
    received_ += bytes.size();
    if (remaining_) {
      *remaining_ -= std::min(*remaining_, bytes.size());
      return *remaining_ == 0;
    }
    head_ += bytes;
    const std::size_t end = head_.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    const std::size_t body = head_.size() - end - 4;
    const bool bodiless = to_head_ || status() == 304 || status() == 204;
    remaining_ = bodiless ? 0 : length(std::string_view(head_).substr(0, end + 2)) - body;
    return *remaining_ == 0;
  }
  [[nodiscard]] int status() const { return std::atoi(head_.c_str() + 9); }
  [[nodiscard]] std::size_t received() const { return received_; }

 private:
  static std::size_t length(std::string_view head) {
    std::string lower(head);
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    constexpr std::string_view field = "\r\ncontent-length: ";
    const std::size_t at = lower.find(field);
    if (at == std::string::npos) throw std::runtime_error("an answer without Content-Length");
    return std::strtoul(&lower[at + field.size()], nullptr, 10);
  }

  bool to_head_;
  std::string head_;
  std::optional<std::size_t> remaining_;
  std::size_t received_ = 0;
};

struct Connection {
  int socket = -1;
  Request request;
  Clock::time_point due;
  std::optional<Answer> answer;  // while one is awaited
};

class Load {
 public:
  Load(std::vector<Kind>& kinds, Sequence& sequence, double rate)
      : kinds_(kinds), sequence_(sequence), rate_(rate), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {}
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;
  ~Load() {
    for (const Connection& connection : connections_) ::close(connection.socket);
    ::close(epoll_);
  }

  void connect(std::uint16_t port, std::size_t count) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connections_.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      connections_[i].socket = socket;
      const int on = 1;
      ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      if (::connect(socket, static_cast<const sockaddr*>(static_cast<const void*>(&address)),
                    sizeof address) != 0) {
        throw std::runtime_error("cannot connect");
      }
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = i;
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
      idle_.push_back(i);
    }
  }

  /// Seconds that it took; requests under way at the end are not counted.
  double run(std::chrono::duration<double> duration) {
    const auto began = Clock::now();
    const auto end = began + std::chrono::duration_cast<Clock::duration>(duration);
    next_due_ = began;
    while (Clock::now() < end) {
      start_requests();
      std::array<epoll_event, 256> events{};
      const timespec wait = time_to_wait(end);
      const int count = ::epoll_pwait2(epoll_, events.data(), events.size(), &wait, nullptr);
      for (int i = 0; i < count; ++i) receive(events[static_cast<std::size_t>(i)].data.u64);
    }
    return std::chrono::duration<double>(Clock::now() - began).count();
  }

 private:
  void start_requests() {
    while (!idle_.empty()) {
      const auto now = Clock::now();
      if (rate_ > 0 && next_due_ > now) return;
      Connection& connection = connections_[idle_.front()];
      connection.due = rate_ > 0 ? next_due_ : now;
      if (rate_ > 0) {
        next_due_ +=
            std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / rate_));
      }
      idle_.pop_front();
      connection.request = sequence_.next();
      connection.answer.emplace(kinds_[connection.request.kind].method == "HEAD");
      // A request is smaller than the socket's buffer, so this does not wait for the server.
      std::string_view rest = connection.request.bytes;
      while (!rest.empty()) {
        const ssize_t sent = ::send(connection.socket, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (sent <= 0) throw std::runtime_error("the server closed a connection");
        rest.remove_prefix(static_cast<std::size_t>(sent));
      }
    }
  }

  [[nodiscard]] timespec time_to_wait(Clock::time_point end) const {
    const auto until = rate_ > 0 && !idle_.empty() ? std::min(end, next_due_) : end;
    const auto nanoseconds =
        std::max<std::int64_t>(0, std::chrono::nanoseconds(until - Clock::now()).count());
    return {nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
  }

  void receive(std::size_t number) {
    Connection& connection = connections_[number];
    const ssize_t got = ::recv(connection.socket, buffer_.data(), buffer_.size(), 0);
    if (got <= 0 || !connection.answer) throw std::runtime_error("the server closed a connection");
    if (!connection.answer->take({buffer_.data(), static_cast<std::size_t>(got)})) return;

    Kind& kind = kinds_[connection.request.kind];
    const bool well = connection.answer->status() < 400;
    sequence_.answered(connection.request, well);
    if (!well) {
      ++kind.errors;
      kind.error_status = connection.answer->status();
    }
    kind.bytes += connection.answer->received();
    kind.latencies.push_back(
        std::chrono::duration<double, std::milli>(Clock::now() - connection.due).count());
    connection.answer.reset();
    idle_.push_back(number);
  }

  std::vector<Kind>& kinds_;
  Sequence& sequence_;
  double rate_;
  int epoll_;
  Clock::time_point next_due_;
  std::vector<Connection> connections_;
  std::deque<std::size_t> idle_;
  std::vector<char> buffer_ = std::vector<char>(std::size_t{256} << 10);
};

Kind kind_of(std::string_view text) {
  std::array<std::string, 3> parts;
  for (std::string& part : parts) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos)
      throw std::runtime_error("a kind is name:weight:method:path");
    part = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  return {parts[0], std::atoi(parts[1].c_str()), parts[2], std::string(text), {}, 0, 0, 0};
}

double quantile(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

void run(int count, char** arguments) {
  std::vector<Kind> kinds;
  for (int i = 6; i < count; ++i) kinds.push_back(kind_of(arguments[i]));
  const std::string push_file = arguments[5];
  Sequence sequence(kinds, push_file == "-" ? std::vector<Package>() : read_packages(push_file));
  Load load(kinds, sequence, std::atof(arguments[4]));
  load.connect(static_cast<std::uint16_t>(std::atoi(arguments[1])),
               std::strtoul(arguments[2], nullptr, 10));
  const double seconds = load.run(std::chrono::duration<double>(std::atof(arguments[3])));

  std::printf("{\"seconds\": %.4f, \"kinds\": {", seconds);
  for (Kind& kind : kinds) {
    std::ranges::sort(kind.latencies);
    std::printf(
        "%s\"%s\": {\"count\": %zu, \"errors\": %zu, \"error_status\": %d, \"bytes\": %zu, "
        "\"p50\": %.4f, \"p99\": %.4f, "
        "\"max\": %.4f}",
        &kind == &kinds.front() ? "" : ", ", kind.name.c_str(), kind.latencies.size(), kind.errors,
        kind.error_status, kind.bytes, quantile(kind.latencies, 0.5),
        quantile(kind.latencies, 0.99), quantile(kind.latencies, 1));
  }
  std::printf("}}\n");
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 7) {
    std::fprintf(stderr,
                 "usage: %s <port> <connections> <seconds> <rate> <push file or -> "
                 "<kind>:<weight>:<method>:<path>...\n",
                 arguments[0]);
    return 2;
  }
  try {
    run(count, arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_load: %s\n", error.what());
    return 1;
  }
}

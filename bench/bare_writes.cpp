// SPDX-License-Identifier: Apache-2.0
// What a durable push cannot do without, and nothing else: a temporary file, its bytes, fsync,
// rename, fsync of the folder, in as many threads as there are connections.
//
//   bench_bare_writes <folder> <threads> <seconds> <bytes>    prints one JSON object;
// latencies in milliseconds, processor time for each file in microseconds

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

bool write_durably(int folder, const std::string& name, const std::string& bytes) {
  const std::string temporary = name + ".tmp";
  const int file = ::openat(folder, temporary.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
  if (file < 0) return false;
  const bool written =
      ::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
      ::fsync(file) == 0;
  ::close(file);
  return written && ::renameat(folder, temporary.c_str(), folder, name.c_str()) == 0 &&
         ::fsync(folder) == 0;
}

double milliseconds(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 5) {
    std::fprintf(stderr, "usage: %s <folder> <threads> <seconds> <bytes>\n", arguments[0]);
    return 2;
  }
  const int threads = std::atoi(arguments[2]);
  const std::chrono::duration<double> duration(std::atof(arguments[3]));
  const std::string bytes(std::strtoul(arguments[4], nullptr, 10), 'x');
  const int folder = ::open(arguments[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) {
    std::perror(arguments[1]);
    return 1;
  }

  std::atomic<bool> failed = false;
  std::vector<std::vector<double>> latencies(static_cast<std::size_t>(threads));
  const auto began = Clock::now();
  std::vector<std::jthread> writers;
  for (int thread = 0; thread < threads; ++thread) {
    writers.emplace_back([&, thread] {
      std::vector<double>& mine = latencies[static_cast<std::size_t>(thread)];
      while (!failed && Clock::now() - began < duration) {
        const auto start = Clock::now();
        const std::string name =
            "bare-" + std::to_string(thread) + "-" + std::to_string(mine.size());
        if (!write_durably(folder, name, bytes)) failed = true;
        mine.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
      }
    });
  }
  writers.clear();  // joins
  const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
  ::close(folder);
  if (failed) {
    std::perror("bench_bare_writes");
    return 1;
  }

  std::vector<double> all;
  for (const std::vector<double>& some : latencies) all.insert(all.end(), some.begin(), some.end());
  std::ranges::sort(all);
  std::printf(
      "{\"rate\": %.1f, \"count\": %zu, \"p50\": %.3f, \"p99\": %.3f, \"cpu\": %.1f}\n",
      static_cast<double>(all.size()) / seconds, all.size(), milliseconds(all, 0.5),
      milliseconds(all, 0.99),
      1e6 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC / static_cast<double>(all.size()));
}

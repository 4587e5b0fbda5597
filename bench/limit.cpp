// SPDX-License-Identifier: Apache-2.0
// The least that an index of a folder takes: every package read, hashed and unpacked, every
// values.yaml (those of subcharts too) run through libyaml. Bare calls, no checks, nothing is made
// of it. A yardstick, not a server.
//
//   bench_limit <folder> [threads]    prints one JSON object

#include <libdeflate.h>
#include <openssl/evp.h>
#include <yaml.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

constexpr std::size_t kBlock = 512;  // of a tar archive

struct Totals {
  std::atomic<std::size_t> packed = 0;
  std::atomic<std::size_t> unpacked = 0;
  std::atomic<std::size_t> values_files = 0;
  std::atomic<std::size_t> values_bytes = 0;
};

std::vector<std::string> packages_in(const char* folder) {
  std::vector<std::string> names;
  DIR* listing = ::opendir(folder);
  if (listing == nullptr) return names;
  while (const dirent* entry = ::readdir(listing)) {
    const std::string_view name = entry->d_name;
    if (name.ends_with(".tgz")) names.emplace_back(name);
  }
  ::closedir(listing);
  return names;
}

void read_file(int folder, const std::string& name, std::string& into) {
  const int file = ::openat(folder, name.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status{};
  ::fstat(file, &status);
  into.resize(static_cast<std::size_t>(status.st_size));
  const ssize_t got = ::read(file, into.data(), into.size());
  into.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  ::close(file);
}

void parse_yaml(std::string_view text) {
  yaml_parser_t parser;
  yaml_parser_initialize(&parser);
  yaml_parser_set_input_string(
      &parser, static_cast<const unsigned char*>(static_cast<const void*>(text.data())),
      text.size());
  for (bool more = true; more;) {
    yaml_event_t event;
    if (yaml_parser_parse(&parser, &event) == 0) break;
    more = event.type != YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
  }
  yaml_parser_delete(&parser);
}

class Worker {
 public:
  explicit Worker(Totals& totals) : totals_(totals) {}

  void take(int folder, const std::string& name) {
    read_file(folder, name, packed_);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    EVP_Digest(packed_.data(), packed_.size(), digest.data(), nullptr, EVP_sha256(), nullptr);

    if (packed_.size() < 18) return;  // no gzip member is smaller
    std::uint32_t size = 0;           // gzip's last four bytes, little-endian (RFC 1952, 2.3.1)
    std::memcpy(&size, packed_.data() + packed_.size() - sizeof size, sizeof size);
    if (size > unpacked_.size()) unpacked_.resize(size);
    std::size_t got = 0;
    libdeflate_gzip_decompress(decompressor_.get(), packed_.data(), packed_.size(),
                               unpacked_.data(), unpacked_.size(), &got);
    totals_.packed += packed_.size();
    totals_.unpacked += got;
    read_archive(std::string_view(unpacked_).substr(0, got));
  }

 private:
  void read_archive(std::string_view archive) {
    for (std::size_t at = 0; at + kBlock <= archive.size();) {
      const std::string_view header = archive.substr(at, kBlock);
      const std::string_view path = header.substr(0, std::min(header.find('\0'), std::size_t{100}));
      if (path.empty()) return;
      const std::size_t size = std::strtoul(&header[124], nullptr, 8);
      at += kBlock;
      if (path.ends_with("/values.yaml")) {
        const std::string_view text = archive.substr(at, size);
        totals_.values_bytes += text.size();
        ++totals_.values_files;
        parse_yaml(text);
      }
      at += (size + kBlock - 1) / kBlock * kBlock;
    }
  }

  Totals& totals_;
  std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> decompressor_{
      libdeflate_alloc_decompressor(), &libdeflate_free_decompressor};
  std::string packed_;
  std::string unpacked_;
};

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::fprintf(stderr, "usage: %s <folder> [threads]\n", arguments[0]);
    return 2;
  }
  const int threads = count > 2 ? std::atoi(arguments[2]) : 2;
  const auto began = std::chrono::steady_clock::now();
  const std::vector<std::string> names = packages_in(arguments[1]);
  const int folder = ::open(arguments[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  Totals totals;
  std::atomic<std::size_t> next = 0;
  {
    std::vector<std::jthread> workers;
    for (int thread = 0; thread < threads; ++thread) {
      workers.emplace_back([&] {
        Worker worker(totals);
        for (std::size_t i = next++; i < names.size(); i = next++) worker.take(folder, names[i]);
      });
    }
  }
  ::close(folder);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - began;
  std::printf(
      "{\"seconds\": %.4f, \"packages\": %zu, \"packed\": %zu, \"unpacked\": %zu, "
      "\"values_files\": %zu, \"values_bytes\": %zu}\n",
      taken.count(), names.size(), totals.packed.load(), totals.unpacked.load(),
      totals.values_files.load(), totals.values_bytes.load());
}

// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"
#include "chart/package.hpp"
#include "samples.hpp"

#include <benchmark/benchmark.h>
#include <libdeflate.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace chartmuseum::chart {
namespace {

void count_packages(benchmark::State& state) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bench::packages_size()));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(bench::packages().size()));
}

void read_packages(benchmark::State& state) {
  const std::vector<std::string>& samples = bench::packages();  // before the clock runs
  std::size_t refused = 0;
  for (auto _ : state) {
    refused = 0;
    for (const std::string& package : samples) {
      const auto read = read_package(package);
      if (!read) ++refused;
      benchmark::DoNotOptimize(read);
    }
  }
  count_packages(state);
  state.counters["refused"] = static_cast<double>(refused);
}
BENCHMARK(read_packages)->Unit(benchmark::kMillisecond);

void read_values_of_packages(benchmark::State& state) {
  const std::vector<std::string>& samples = bench::packages();  // before the clock runs
  for (auto _ : state) {
    for (const std::string& package : samples) benchmark::DoNotOptimize(read_values(package));
  }
  count_packages(state);
}
BENCHMARK(read_values_of_packages)->Unit(benchmark::kMillisecond);

// What no reader can do without, to compare with.

void only_sha256(benchmark::State& state) {
  const std::vector<std::string>& samples = bench::packages();  // before the clock runs
  for (auto _ : state) {
    for (const std::string& package : samples) benchmark::DoNotOptimize(Digest::of(package));
  }
  count_packages(state);
}
BENCHMARK(only_sha256)->Unit(benchmark::kMillisecond);

void only_gunzip(benchmark::State& state) {
  const std::vector<std::string>& samples = bench::packages();  // before the clock runs
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)>
      decompressor(libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
  std::string unpacked;
  for (auto _ : state) {
    for (const std::string& package : samples) {
      std::uint32_t size = 0;  // gzip's last four bytes, little-endian (RFC 1952, 2.3.1)
      std::memcpy(&size, package.data() + package.size() - sizeof size, sizeof size);
      unpacked.resize(size);
      std::size_t got = 0;
      benchmark::DoNotOptimize(libdeflate_gzip_decompress(
          decompressor.get(), package.data(), package.size(), unpacked.data(), size, &got));
    }
  }
  count_packages(state);
}
BENCHMARK(only_gunzip)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace chartmuseum::chart

// SPDX-License-Identifier: Apache-2.0
#include "chart/package.hpp"
#include "encoding/json_writer.hpp"
#include "encoding/yaml_parser.hpp"
#include "samples.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace chartmuseum::encoding {
namespace {

/// The values.yaml of the sample packages.
const std::vector<std::string>& documents() {
  static const std::vector<std::string> loaded = [] {
    std::vector<std::string> texts;
    for (const std::string& package : bench::packages()) {
      const auto values = chart::read_values(package);
      if (values && *values) texts.push_back(**values);
    }
    return texts;
  }();
  return loaded;
}

void count_bytes(benchmark::State& state) {
  std::size_t size = 0;
  for (const std::string& text : documents()) size += text.size();
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(size));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(documents().size()));
}

void check_values(benchmark::State& state) {
  const std::vector<std::string>& texts = documents();  // loaded before the clock runs
  for (auto _ : state) {
    for (const std::string& text : texts) benchmark::DoNotOptimize(check_yaml(text));
  }
  count_bytes(state);
}
BENCHMARK(check_values)->Unit(benchmark::kMillisecond);

void parse_values(benchmark::State& state) {
  const std::vector<std::string>& texts = documents();  // loaded before the clock runs
  for (auto _ : state) {
    for (const std::string& text : texts) benchmark::DoNotOptimize(parse_yaml(text));
  }
  count_bytes(state);
}
BENCHMARK(parse_values)->Unit(benchmark::kMillisecond);

void write_values_as_json(benchmark::State& state) {
  std::vector<Value> values;
  for (const std::string& text : documents()) {
    if (auto value = parse_yaml(text)) values.push_back(std::move(*value));
  }
  std::string json;
  for (auto _ : state) {
    for (const Value& value : values) {
      json.clear();
      append_json(json, value);
      benchmark::DoNotOptimize(json.data());
    }
  }
  count_bytes(state);
}
BENCHMARK(write_values_as_json)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace chartmuseum::encoding

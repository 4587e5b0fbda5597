// SPDX-License-Identifier: Apache-2.0
#include "chart/package.hpp"
#include "repository/entries.hpp"
#include "repository/entry_renderer.hpp"
#include "repository/index.hpp"
#include "samples.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace chartmuseum::repository {
namespace {

const std::vector<chart::Package>& packages() {
  static const std::vector<chart::Package> loaded = [] {
    std::vector<chart::Package> read;
    for (const std::string& bytes : bench::packages()) {
      if (auto package = chart::read_package(bytes)) read.push_back(std::move(*package));
    }
    return read;
  }();
  return loaded;
}

RenderedEntry render(EntryRenderer& renderer, const chart::Package& package) {
  return renderer.render(package.metadata(), package.file_name(), now(), package.digest());
}

std::vector<EntryChange> changes() {
  EntryRenderer renderer(Settings{}, "");
  std::vector<EntryChange> all;
  for (const chart::Package& package : packages()) {
    RenderedEntry entry = render(renderer, package);
    if (entry.version != nullptr) all.push_back({std::move(entry), false});
  }
  return all;
}

void render_entries(benchmark::State& state) {
  const std::vector<chart::Package>& read = packages();  // before the clock runs
  EntryRenderer renderer(Settings{}, "");
  for (auto _ : state) {
    for (const chart::Package& package : read) {
      benchmark::DoNotOptimize(render(renderer, package));
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(packages().size()));
}
BENCHMARK(render_entries)->Unit(benchmark::kMillisecond);

/// All entries at once, as at the first start.
void build_index(benchmark::State& state) {
  const std::vector<EntryChange> all = changes();
  std::size_t size = 0;
  for (auto _ : state) {
    const Index index({}, Entries().with(all), now());
    size = index.document().size();
    benchmark::DoNotOptimize(size);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(size));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(all.size()));
}
BENCHMARK(build_index)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace chartmuseum::repository

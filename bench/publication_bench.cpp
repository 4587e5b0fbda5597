// SPDX-License-Identifier: Apache-2.0
// What a push changes and what a reader looks up, in repositories of ten to 100,000 versions:
// neither may grow noticeably with them.
#include "base/digest.hpp"
#include "base/timestamp.hpp"
#include "chart/metadata.hpp"
#include "repository/entries.hpp"
#include "repository/entry_renderer.hpp"
#include "repository/index.hpp"
#include "repository/publication.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace chartmuseum::repository {
namespace {

enum Shape : std::int64_t { many_charts, one_chart };

EntryChange change(EntryRenderer& renderer, Shape shape, std::int64_t number) {
  chart::Metadata metadata;
  const std::string text = std::to_string(number);
  metadata.name = shape == many_charts ? "chart-" + text : "only";
  metadata.version = shape == many_charts ? "1.0.0" : "1." + text + ".0";
  metadata.api_version = "v2";
  metadata.app_version = "2.3";
  metadata.description = "A chart to measure how a repository server does";
  metadata.home = "https://example.org/" + metadata.name;
  metadata.keywords = {"web", "http", "example"};
  metadata.maintainers = {{"someone", "someone@example.org", ""}};
  const std::string file = metadata.name + "-" + metadata.version + ".tgz";
  return {renderer.render(metadata, file, now(), Digest::of(file)), false};
}

/// A repository, and changes to it that replace entries evenly all over it.
struct Repository {
  Repository(Shape shape, std::int64_t versions) {
    EntryRenderer renderer(Settings{}, "");
    std::vector<EntryChange> all;
    for (std::int64_t i = 0; i < versions; ++i) all.push_back(change(renderer, shape, i));
    entries = Entries().with(all);
    constexpr std::size_t kChanges = 1000;
    for (std::size_t i = 0; i < std::min(kChanges, all.size()); ++i) {
      changes.push_back(std::move(all[i * all.size() / std::min(kChanges, all.size())]));
    }
  }

  Entries entries;
  std::vector<EntryChange> changes;
};

const Repository& repository(const benchmark::State& state) {
  static std::unique_ptr<Repository> kept;  // the last one: benchmarks are run size by size
  static std::pair<std::int64_t, std::int64_t> kept_for;
  const std::pair wanted(state.range(0), state.range(1));
  if (!kept || kept_for != wanted) {
    kept = std::make_unique<Repository>(static_cast<Shape>(wanted.first), wanted.second);
    kept_for = wanted;
    // The allocator tidies up after so many entries at the next change, which is not to be
    // measured.
    benchmark::DoNotOptimize(kept->entries.with({kept->changes.front()}));
  }
  return *kept;
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"one_chart", "versions"});
  for (const Shape shape : {many_charts, one_chart}) {
    for (const std::int64_t versions : {10, 12'000, 100'000}) benchmark->Args({shape, versions});
  }
}

/// One entry replaced, as at a push: the lists only.
void entries_with_one_change(benchmark::State& state) {
  const Repository& of = repository(state);
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(of.entries.with({of.changes[next++ % of.changes.size()]}));
  }
}
BENCHMARK(entries_with_one_change)->Apply(sizes)->Unit(benchmark::kMicrosecond);

/// All that a push publishes, until readers see it.
void publish_one_change(benchmark::State& state) {
  const Repository& of = repository(state);
  Publication publication;
  std::size_t next = 0;
  for (auto _ : state) {
    publication.publish(std::make_shared<const Index>(
        IndexStyle{}, of.entries.with({of.changes[next++ % of.changes.size()]}), now()));
  }
}
BENCHMARK(publish_one_change)->Apply(sizes)->Unit(benchmark::kMicrosecond);

void find_exact_version(benchmark::State& state) {
  const Repository& of = repository(state);
  const Index index({}, of.entries, now());
  std::size_t next = 0;
  for (auto _ : state) {
    const ChartVersion& wanted = *of.changes[next++ % of.changes.size()].entry.version;
    benchmark::DoNotOptimize(index.find_exact(wanted.name, wanted.version));
  }
}
BENCHMARK(find_exact_version)->Apply(sizes);

void find_latest_version(benchmark::State& state) {
  const Repository& of = repository(state);
  const Index index({}, of.entries, now());
  std::size_t next = 0;
  for (auto _ : state) {
    const ChartVersion& wanted = *of.changes[next++ % of.changes.size()].entry.version;
    benchmark::DoNotOptimize(index.find(wanted.name, "latest"));
  }
}
BENCHMARK(find_latest_version)->Apply(sizes);

/// Ten charts from the middle, as of /api/charts?offset=&limit=.
void page_of_charts(benchmark::State& state) {
  const Repository& of = repository(state);
  const Index index({}, of.entries, now());
  for (auto _ : state) benchmark::DoNotOptimize(index.charts_json(index.chart_count() / 2, 10));
}
BENCHMARK(page_of_charts)->Apply(sizes);

}  // namespace
}  // namespace chartmuseum::repository

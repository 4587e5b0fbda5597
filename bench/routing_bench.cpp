// SPDX-License-Identifier: Apache-2.0
#include "api/router.hpp"
#include "http/target.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace chartmuseum::api {
namespace {

using http::Method;

struct Asked {
  Method method;
  std::string_view target;
};

constexpr std::array kAsked{
    Asked{Method::get, "/index.yaml"},
    Asked{Method::get, "/charts/mychart-1.2.3.tgz"},
    Asked{Method::get, "/api/charts?offset=20&limit=10"},
    Asked{Method::get, "/api/charts/mychart/1.2.3"},
    Asked{Method::post, "/api/charts"},
    Asked{Method::get, "/no/such/route"},
};

/// From the request line's text to its route.
void find_route(benchmark::State& state) {
  const Asked& asked = kAsked[static_cast<std::size_t>(state.range(0))];
  Settings settings;
  settings.depth_dynamic = state.range(1) != 0;
  const Router router(all_routes(), settings);
  state.SetLabel(std::string(asked.target));
  for (auto _ : state) {
    const auto target = http::Target::parse(asked.target);
    benchmark::DoNotOptimize(router.find(asked.method, *target));
  }
}
BENCHMARK(find_route)
    ->ArgNames({"request", "depth_dynamic"})
    ->ArgsProduct({benchmark::CreateDenseRange(0, kAsked.size() - 1, 1), {0, 1}});

}  // namespace
}  // namespace chartmuseum::api

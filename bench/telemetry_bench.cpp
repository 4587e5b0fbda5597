// SPDX-License-Identifier: Apache-2.0
#include "telemetry/log.hpp"
#include "telemetry/request_id.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <fcntl.h>
#include <span>
#include <unistd.h>

namespace chartmuseum::telemetry {
namespace {

constexpr std::array<Field, 7> kAccess{{{"path", "/charts/mychart-1.2.3.tgz"},
                                        {"comment", ""},
                                        {"clientIP", "127.0.0.1"},
                                        {"method", "GET"},
                                        {"statusCode", std::int64_t{200}},
                                        {"latency", "123.456\u00b5s"},
                                        {"reqID", "f81d4fae-7dec-41d0-a765-00a0c91e6bf6"}}};

/// What a request pays for its access line; lines that come faster than they are written are
/// dropped, as in service.
void access_line(benchmark::State& state) {
  const int null = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  LogSettings settings;
  settings.descriptor = null;
  settings.json = state.range(0) != 0;
  {
    const Log log(settings);
    for (auto _ : state) log.write(Level::info, "[12345] Request served", kAccess);
  }
  ::close(null);
}
BENCHMARK(access_line)->ArgName("json")->Arg(0)->Arg(1);

/// Only putting the line together.
void formatted_line(benchmark::State& state) {
  const Log log = Log::to({}, [](std::string_view line) { benchmark::DoNotOptimize(line.data()); });
  for (auto _ : state) log.write(Level::info, "[12345] Request served", kAccess);
}
BENCHMARK(formatted_line);

void line_that_is_not_wanted(benchmark::State& state) {
  const Log log = Log::to({}, [](std::string_view /*line*/) {});
  for (auto _ : state) log.write(Level::debug, "[12345] Request served", kAccess);
}
BENCHMARK(line_that_is_not_wanted);

void request_id(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(make_request_id());
}
BENCHMARK(request_id);

}  // namespace
}  // namespace chartmuseum::telemetry

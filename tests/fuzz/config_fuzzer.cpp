// SPDX-License-Identifier: Apache-2.0
// A configuration file, a duration, a path and a URL may hold anything.
#include "options/checks.hpp"
#include "options/config_file.hpp"
#include "options/duration.hpp"
#include "options/values.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace options = chartmuseum::options;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(options::parse_duration(text));
  static_cast<void>(options::parse_whole_number(text));

  // What is normal stays as it is.
  if (const auto path = options::normalise_context_path(text)) {
    if (options::normalise_context_path(*path) != path) std::abort();
    if (!path->empty() && (path->front() != '/' || path->back() == '/')) std::abort();
  }
  if (const auto url = options::normalise_chart_url(text)) {
    if (options::normalise_chart_url(*url) != url || url->back() == '/') std::abort();
  }

  const auto file = options::parse_config(text, "museum.yaml");
  if (!file) return 0;
  options::Draft draft;
  for (const options::Given& given : file->given) {
    if (given.texts.empty()) std::abort();
    static_cast<void>(options::apply(given, draft));
  }
  static_cast<void>(options::finish(std::move(draft)));
  return 0;
}

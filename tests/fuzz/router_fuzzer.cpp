// SPDX-License-Identifier: Apache-2.0
// Any request target at any depth: what is routed stays inside the storage.
#include "api/router.hpp"
#include "storage/object_key.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace chartmuseum;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

/// The first byte chooses method and settings, the rest is the target.
api::Settings settings_of(unsigned choice) {
  api::Settings settings;
  settings.depth = choice % 4;
  settings.depth_dynamic = (choice & 4U) != 0;
  if ((choice & 8U) != 0) settings.context_path = "/x/y";
  if ((choice & 16U) != 0) settings.web_template_path = "/pages";
  return settings;
}

std::size_t segments_of(std::string_view path) {
  return path.empty() ? 0 : 1 + static_cast<std::size_t>(std::ranges::count(path, '/'));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const unsigned choice = data[0];
  const auto target = http::Target::parse({reinterpret_cast<const char*>(data) + 1, size - 1});
  if (!target) return 0;

  const api::Settings settings = settings_of(choice);
  const api::Router router(api::all_routes(), settings);
  const auto method = static_cast<http::Method>(choice >> 5U);
  const auto result = router.find(method, *target);
  const auto* const found = std::get_if<api::Router::Found>(&result);
  if (found == nullptr) return 0;

  const api::PathParameters& path = found->path;
  require(path.repo.empty() || storage::valid_key(path.repo));
  require(settings.depth_dynamic || found->route->pattern.find(":repo") == std::string_view::npos ||
          segments_of(path.repo) == settings.depth);
  require(path.file.empty() || storage::valid_key(path.file));
  require(path.name.find('/') == std::string::npos && path.version.find('/') == std::string::npos);
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
// What a service answers is as hostile as what clients send.
#include "storage/amazon/shared_config.hpp"
#include "storage/amazon/xml.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace chartmuseum::storage::amazon;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto error = read_error(text);
  if (error && error->message.size() > 300) std::abort();
  const auto page = read_listing(text);
  if (page && page->objects.size() > size) std::abort();
  static_cast<void>(read_upload_id(text));
  static_cast<void>(read_completed_etag(text));
  static_cast<void>(read_assumed_role(text));
  static_cast<void>(SharedConfig::parse(text, text).profile("default"));
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
// No target may yield a segment that leaves its folder, and none may be decoded twice.
#include "http/target.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string raw(reinterpret_cast<const char*>(data), size);
  const auto target = chartmuseum::http::Target::parse(raw);
  if (!target) return 0;

  std::string path;
  std::string escaped;
  for (const std::string& segment : target->segments()) {
    if (segment.empty() || segment == "." || segment == "..") std::abort();
    if (segment.find_first_of(std::string_view("\0/\\", 3)) != std::string::npos) std::abort();
    path += '/' + segment;
    escaped += '/';
    for (const char c : segment) {
      static constexpr char kDigits[] = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      escaped += '%';
      escaped += kDigits[byte >> 4];
      escaped += kDigits[byte & 15];
    }
  }
  if (target->trailing_slash() || path.empty()) path += '/', escaped += '/';
  if (target->path() != path) std::abort();

  // What was decoded, escaped again, is the same target.
  const auto again = chartmuseum::http::Target::parse(escaped);
  if (!again || again->segments() != target->segments()) std::abort();
  if (again->trailing_slash() != target->trailing_slash()) std::abort();
  static_cast<void>(target->query("force"));
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
#include "chart/provenance.hpp"

#include <optional>

namespace chartmuseum::chart {

namespace {

// What follows "<key>: " (or "<key>:*") on the first line that has anything there.
std::optional<std::string_view> field(std::string_view text, std::string_view key) {
  const std::string start = "\n" + std::string(key) + ":";
  for (std::size_t position = text.find(start); position != std::string_view::npos;
       position = text.find(start, position + 1)) {
    std::string_view line = text.substr(position + start.size());
    line = line.substr(0, line.find('\n'));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.size() > 1 && (line[0] == ' ' || line[0] == '*')) return line.substr(1);
  }
  return std::nullopt;
}

}  // namespace

std::expected<std::string, PackageError> provenance_file_name(std::string_view bytes) {
  const std::optional<std::string_view> name = field(bytes, "name");
  const std::optional<std::string_view> version = field(bytes, "version");
  if (!bytes.starts_with("-----BEGIN PGP SIGNED MESSAGE-----") || !name || !version) {
    return std::unexpected(PackageError{"invalid provenance file"});
  }
  return std::string(*name).append("-").append(*version).append(".tgz.prov");
}

}  // namespace chartmuseum::chart

// SPDX-License-Identifier: Apache-2.0
#include "chart/archive.hpp"

#include "chart/text_sanitizer.hpp"

#include <algorithm>
#include <utility>

namespace chartmuseum::chart {

namespace {

std::unexpected<PackageError> refuse(std::string message) {
  return std::unexpected(PackageError{std::move(message)});
}

std::unexpected<PackageError> too_large(const ArchiveLimits& limits) {
  return refuse("decompressed chart is larger than the maximum file size " +
                std::to_string(limits.total_size));
}

// Whether a relative path is as clean_path would leave it.
bool is_clean(std::string_view path) {
  bool at_start = true;  // of a segment
  for (const char c : path) {
    if (at_start && (c == '/' || c == '.')) return false;
    at_start = c == '/';
  }
  return !at_start;
}

// The shortest equivalent of a relative path, as Go's path.Clean finds it; "." for nothing.
std::string clean_path(std::string_view path) {
  std::string clean;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view segment = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    if (segment.empty() || segment == ".") continue;
    if (segment == ".." && !clean.empty() && clean != ".." && !clean.ends_with("/..")) {
      const std::size_t parent = clean.rfind('/');
      clean.resize(parent == std::string::npos ? 0 : parent);
      continue;
    }
    if (!clean.empty()) clean.push_back('/');
    clean.append(segment);
  }
  return clean.empty() ? "." : clean;
}

bool names_a_drive(std::string_view path) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return path.size() >= 3 && is_letter(path[0]) && path[1] == ':' && path[2] == '/';
}

// Turns a member's name into the path below the chart's top directory.
std::expected<void, PackageError> locate(const std::string& name, std::string& path) {
  const bool from_windows = name.contains('\\');
  const std::size_t end_of_top = name.find(from_windows ? '\\' : '/');
  path.assign(end_of_top == std::string::npos ? "" : std::string_view(name).substr(end_of_top + 1));
  if (from_windows) std::ranges::replace(path, '\\', '/');

  if (path.starts_with('/')) return refuse("chart illegally contains absolute paths");
  if (!is_clean(path)) path = clean_path(path);
  if (path == ".") {
    return refuse("chart illegally contains content outside the base directory: " + quote(name));
  }
  if (path.starts_with("..")) return refuse("chart illegally references parent directory");
  if (names_a_drive(path)) return refuse("chart contains illegally named files");
  if (std::string_view(name).substr(0, end_of_top) == "Chart.yaml") {
    return refuse("chart yaml not in base directory");
  }
  return {};
}

}  // namespace

ArchiveReader::ArchiveReader(std::string_view bytes, const ArchiveLimits& limits,
                             std::uint64_t stream_size)
    : limits_(limits), stream_(bytes, stream_size), tar_(stream_), remaining_(limits.total_size) {}

std::expected<std::optional<std::string_view>, PackageError> ArchiveReader::next() {
  if (const auto finished = finish_file(); !finished) return std::unexpected(finished.error());
  for (;;) {
    const auto read = tar_.next();
    if (!read) return std::unexpected(read.error());
    if (*read == nullptr) break;
    const TarMember& member = **read;
    if (member.is_directory || member.is_global_header) continue;

    if (const auto located = locate(member.name, path_); !located) {
      return std::unexpected(located.error());
    }
    // A link may claim any size, even a negative one; it counts as claimed.
    const std::uint64_t size = member.size < 0 ? 0 : static_cast<std::uint64_t>(member.size);
    if (size > remaining_) return too_large(limits_);
    if (size > limits_.file_size) {
      return refuse("decompressed chart file " + quote(member.name) +
                    " is larger than the maximum file size " + std::to_string(limits_.file_size));
    }
    pending_ = size;
    unread_ = true;
    any_file_ = true;
    return path_;
  }
  if (!any_file_) return refuse("no files in chart archive");
  return std::nullopt;
}

std::expected<std::string_view, PackageError> ArchiveReader::read() {
  unread_ = false;
  std::expected<std::string_view, PackageError> data = tar_.read();
  if (!data) return data;
  // Helm compares what it read with what was claimed: a link that claims to hold data has none.
  if (data->size() < pending_) return too_large(limits_);
  remaining_ -= data->size();
  if (remaining_ == 0) return too_large(limits_);
  if (data->starts_with("\xef\xbb\xbf")) data->remove_prefix(3);
  return data;
}

std::expected<void, PackageError> ArchiveReader::finish_file() {
  if (!unread_) return {};
  unread_ = false;
  const std::expected<std::uint64_t, PackageError> skipped = tar_.skip();
  if (!skipped) return std::unexpected(skipped.error());
  if (*skipped < pending_) return too_large(limits_);
  remaining_ -= *skipped;
  if (remaining_ == 0) return too_large(limits_);
  return {};
}

}  // namespace chartmuseum::chart

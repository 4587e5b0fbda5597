// SPDX-License-Identifier: Apache-2.0
#include "api/local_file.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace chartmuseum::api {

namespace {

constexpr std::pair<std::string_view, std::string_view> kContentTypes[] = {
    {".css", "text/css; charset=utf-8"},
    {".gif", "image/gif"},
    {".htm", "text/html; charset=utf-8"},
    {".html", "text/html; charset=utf-8"},
    {".ico", "image/x-icon"},
    {".jpeg", "image/jpeg"},
    {".jpg", "image/jpeg"},
    {".js", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".png", "image/png"},
    {".svg", "image/svg+xml"},
    {".txt", "text/plain; charset=utf-8"},
    {".wasm", "application/wasm"},
    {".webp", "image/webp"},
    {".woff", "font/woff"},
    {".woff2", "font/woff2"},
    {".xml", "text/xml; charset=utf-8"},
};

bool lies_in(const std::filesystem::path& file, const std::filesystem::path& folder) {
  const auto [in_folder, in_file] = std::ranges::mismatch(folder, file);
  return in_folder == folder.end() && in_file != file.end();
}

}  // namespace

std::optional<LocalFile> open_below(const std::filesystem::path& folder, const std::string& name) {
  std::error_code error;
  const std::filesystem::path root = std::filesystem::canonical(folder, error);
  if (error) return std::nullopt;
  const std::filesystem::path path = std::filesystem::canonical(root / name, error);
  if (error || !lies_in(path, root)) return std::nullopt;

  // O_NONBLOCK: a FIFO must not hold up whoever opens it before it is seen to be one.
  auto file = std::make_shared<const FileDescriptor>(
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status{};
  if (!*file || ::fstat(file->get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return std::nullopt;
  }
  const Timestamp modified(std::chrono::seconds(status.st_mtim.tv_sec) +
                           std::chrono::nanoseconds(status.st_mtim.tv_nsec));
  return LocalFile{.descriptor = std::move(file),
                   .size = static_cast<std::uint64_t>(status.st_size),
                   .modified = modified,
                   .etag = std::to_string(modified.time_since_epoch().count()) + "-" +
                           std::to_string(status.st_size)};
}

std::string_view content_type_of(std::string_view file_name) {
  const std::size_t dot = file_name.rfind('.');
  const std::string_view extension =
      dot == std::string_view::npos ? std::string_view() : file_name.substr(dot);
  const auto* const found = std::ranges::find(
      kContentTypes, extension, &std::pair<std::string_view, std::string_view>::first);
  return found == std::end(kContentTypes) ? "application/octet-stream" : found->second;
}

}  // namespace chartmuseum::api

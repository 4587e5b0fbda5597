// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chartmuseum::http {

/// The target of a request, percent-decoded once (RFC 3986, 2.1). A "+" in the path stays one.
class Target {
 public:
  /// From the origin form ("/a?b") or the absolute form ("http://host/a?b", RFC 9112, 3.2).
  /// Nothing if it is no path, has a broken escape, or a segment that is empty (but for one
  /// trailing slash and the root), "." or "..", or that holds NUL, "/" or "\" once decoded.
  [[nodiscard]] static std::optional<Target> parse(std::string_view raw);

  /// The root has none.
  [[nodiscard]] const std::vector<std::string>& segments() const { return segments_; }
  /// "/a/" has one; the root has not.
  [[nodiscard]] bool trailing_slash() const { return trailing_slash_; }
  /// Decoded, for the log: "/org1/index.yaml".
  [[nodiscard]] const std::string& path() const { return path_; }

  /// The value of a query parameter, decoded ("+" is a space); "" for one without "=". Of
  /// several the first; parameters with a broken escape are left out.
  [[nodiscard]] std::optional<std::string_view> query(std::string_view name) const;

 private:
  std::vector<std::string> segments_;
  bool trailing_slash_ = false;
  std::string path_;
  std::vector<std::pair<std::string, std::string>> query_;
};

}  // namespace chartmuseum::http

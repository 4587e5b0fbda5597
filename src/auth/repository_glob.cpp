// SPDX-License-Identifier: Apache-2.0
#include "auth/repository_glob.hpp"

#include "base/ascii.hpp"
#include "encoding/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace chartmuseum::auth {

namespace {

constexpr std::string_view kAnySegments = "**";

std::vector<std::string_view> split(std::string_view name) {
  std::vector<std::string_view> segments;
  if (name.empty()) return segments;
  for (std::size_t begin = 0;;) {
    const std::size_t end = name.find('/', begin);
    segments.push_back(name.substr(begin, end - begin));
    if (end == std::string_view::npos) return segments;
    begin = end + 1;
  }
}

std::optional<std::string> objection_to_segment(std::string_view segment) {
  if (segment.empty()) return "an empty segment";
  if (segment == "." || segment == "..") return "a segment \"" + std::string(segment) + '"';
  if (segment != kAnySegments && segment.find(kAnySegments) != std::string_view::npos) {
    return "\"**\" within a segment";
  }
  const std::size_t odd = segment.find_first_of("[]{}\\!");
  if (odd != std::string_view::npos) {
    return std::string("a \"") + segment[odd] + "\"; only *, ** and ? stand for something";
  }
  if (has_control_character(segment)) return "a control character";
  return std::nullopt;
}

// Both matchings need to remember one place only: where the last star was met. To let an
// earlier star take more could only leave less for what follows the last one.

bool segment_matches(std::string_view pattern, std::string_view text) {
  std::optional<std::pair<std::size_t, std::size_t>> star;  // behind it; and where in the text
  std::size_t p = 0;
  std::size_t t = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = {++p, t};
    } else if (p < pattern.size() && pattern[p] == '?') {
      ++p;
      t += encoding::first_rune(text.substr(t)).size;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star) {
      p = star->first;
      star->second += encoding::first_rune(text.substr(star->second)).size;
      t = star->second;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool segments_match(const std::vector<std::string>& patterns,
                    const std::vector<std::string_view>& names) {
  std::optional<std::pair<std::size_t, std::size_t>> any;
  std::size_t p = 0;
  std::size_t n = 0;
  while (n < names.size()) {
    if (p < patterns.size() && patterns[p] == kAnySegments) {
      any = {++p, n};
    } else if (p < patterns.size() && segment_matches(patterns[p], names[n])) {
      ++p;
      ++n;
    } else if (any) {
      p = any->first;
      n = ++any->second;
    } else {
      return false;
    }
  }
  return std::all_of(patterns.begin() + static_cast<std::ptrdiff_t>(p), patterns.end(),
                     [](const std::string& pattern) { return pattern == kAnySegments; });
}

}  // namespace

std::expected<RepositoryGlob, std::string> RepositoryGlob::parse(std::string_view pattern) {
  if (pattern == ".") return RepositoryGlob({});
  if (pattern.empty())
    return std::unexpected("nothing; the repository of a server without depth is \".\"");
  std::vector<std::string> segments;
  for (const std::string_view segment : split(pattern)) {
    if (auto objection = objection_to_segment(segment)) return std::unexpected(*objection);
    segments.emplace_back(segment);
  }
  return RepositoryGlob(std::move(segments));
}

bool RepositoryGlob::matches(std::string_view repository) const {
  return segments_match(segments_, split(repository));
}

bool RepositoryGlob::matches_all() const {
  return !segments_.empty() && std::ranges::all_of(segments_, [](const std::string& segment) {
    return segment == kAnySegments;
  });
}

}  // namespace chartmuseum::auth

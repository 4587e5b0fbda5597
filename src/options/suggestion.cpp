// SPDX-License-Identifier: Apache-2.0
#include "options/suggestion.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace chartmuseum::options {

namespace {

constexpr std::size_t kLongestWord = 64;  // no option is longer; bounds the time

/// The Damerau-Levenshtein distance (in its "optimal string alignment" form).
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> before_last(right.size() + 1);
  std::vector<std::size_t> last(right.size() + 1);
  std::vector<std::size_t> row(right.size() + 1);
  for (std::size_t j = 0; j <= right.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t change = left[i - 1] == right[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
  }
  return row[right.size()];
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> candidates) {
  if (word.size() > kLongestWord) return std::nullopt;
  std::size_t fewest = std::max<std::size_t>(2, word.size() / 3) + 1;
  std::optional<std::string_view> found;
  for (const std::string_view candidate : candidates) {
    const auto [shorter, longer] = std::minmax({word.size(), candidate.size()});
    if (longer - shorter >= fewest) continue;  // so many letters must be added at least
    const std::size_t slips = distance(word, candidate);
    if (slips >= fewest || slips >= candidate.size()) continue;
    fewest = slips;
    found = candidate;
  }
  return found;
}

}  // namespace chartmuseum::options

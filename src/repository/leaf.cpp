// SPDX-License-Identifier: Apache-2.0
#include "repository/leaf.hpp"

#include "encoding/natural_order.hpp"

namespace chartmuseum::repository {

namespace {

constexpr std::string_view kYamlSeparator = "  - ";
// A key that cannot stand before a ":" on its own line is introduced by "? ", and libyaml
// indents the sequence below it.
constexpr std::string_view kComplexKey = "  ? ";
constexpr std::string_view kYamlComplexSeparator = "    - ";
constexpr std::string_view kJsonSeparator = ",";

}  // namespace

bool name_before(EntryFormat format, std::string_view left, std::string_view right) {
  if (format == EntryFormat::yaml) {
    if (const auto order = encoding::natural_order(left, right); order != 0) return order < 0;
  }
  return left < right;
}

bool entry_before(EntryFormat format, const ChartVersion& left, const ChartVersion& right) {
  if (left.name != right.name) return name_before(format, left.name, right.name);
  return newer(left, right);
}

std::string_view entry_separator(EntryFormat format, std::string_view opening) {
  if (format == EntryFormat::json) return kJsonSeparator;
  return opening.starts_with(kComplexKey) ? kYamlComplexSeparator : kYamlSeparator;
}

std::string_view Leaf::body(std::size_t item) const {
  return std::string_view(*text).substr(items[item].begin, items[item].end - items[item].begin);
}

std::string_view Leaf::opening(std::size_t item) const {
  const std::size_t begin = item == 0 ? 0 : items[item - 1].end;
  return std::string_view(*text).substr(begin, items[item].begin - begin);
}

encoding::DeflatedText Leaf::deflated(std::size_t from,
                                      const std::shared_ptr<const std::string>& before) const {
  const std::lock_guard lock(mutex_);
  // By owner: another text may come to stand at the address of one that is gone.
  const auto same_neighbour = [&before](const std::weak_ptr<const std::string>& kept) {
    return !kept.owner_before(before) && !before.owner_before(kept);
  };
  if (!deflated_ || deflated_->from != from || !same_neighbour(deflated_->before)) {
    deflated_ = {.text = encoding::deflate(std::string_view(*text).substr(from),
                                           before ? std::string_view(*before) : ""),
                 .from = from,
                 .before = before};
  }
  return deflated_->text;
}

}  // namespace chartmuseum::repository

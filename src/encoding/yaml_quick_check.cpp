// SPDX-License-Identifier: Apache-2.0
#include "encoding/yaml_quick_check.hpp"

#include "encoding/yaml_events.hpp"
#include "encoding/yaml_scalar.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

namespace chartmuseum::encoding {

namespace {

/// Follows the events just far enough to know which scalars are keys.
class QuickCheck {
 public:
  /// False where only parsing can tell.
  bool take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_SCALAR_EVENT:
        return take_scalar(event.data.scalar);
      case YAML_MAPPING_START_EVENT:
        return open_collection(Place::key, YamlRoot::mapping);
      case YAML_SEQUENCE_START_EVENT:
        return open_collection(Place::item, YamlRoot::list);
      case YAML_MAPPING_END_EVENT:
      case YAML_SEQUENCE_END_EVENT:
        places_.pop_back();
        return true;
      case YAML_ALIAS_EVENT:
        return false;
      default:
        return true;
    }
  }

  [[nodiscard]] YamlRoot root() const { return root_; }

 private:
  enum class Place : unsigned char { key, member, item };

  using ScalarEvent = decltype(yaml_event_t::data.scalar);

  bool open_collection(Place first, YamlRoot kind) {
    if (places_.empty()) {
      root_ = kind;
    } else if (!step()) {
      return false;  // a key that is a collection
    }
    places_.push_back(first);
    return true;
  }

  /// Goes on to the next place of the innermost collection; false if this one was a key's.
  bool step() {
    Place& place = places_.back();
    if (place == Place::item) return true;
    const bool was_key = place == Place::key;
    place = was_key ? Place::member : Place::key;
    return !was_key;
  }

  bool take_scalar(const ScalarEvent& scalar) {
    const std::string_view text(reinterpret_cast<const char*>(scalar.value), scalar.length);
    const bool is_key = !places_.empty() && !step();
    if (scalar.tag != nullptr) return false;
    if (places_.empty()) {
      const bool null =
          scalar.plain_implicit != 0 && std::holds_alternative<std::nullptr_t>(resolve_plain(text));
      root_ = null ? YamlRoot::null : YamlRoot::scalar;
    }
    if (scalar.plain_implicit == 0) return true;
    return is_key ? is_plain_key(text) : is_finite(text);
  }

  static bool is_plain_key(std::string_view text) {
    if (text.empty() || text == "<<") return false;
    const bool may_be_null = text[0] == '~' || text[0] == 'n' || text[0] == 'N';
    const bool may_be_large = text[0] >= '0' && text[0] <= '9';
    if (!may_be_null && !may_be_large) return true;
    const ResolvedScalar key = resolve_plain(text);
    return !std::holds_alternative<std::nullptr_t>(key) &&
           !std::holds_alternative<std::uint64_t>(key);
  }

  /// Only words are infinite or not a number; numerals that are too large are text.
  static bool is_finite(std::string_view text) {
    constexpr std::size_t shortest = 4;
    constexpr std::size_t longest = 5;
    if (text.size() < shortest || text.size() > longest) return true;
    if (text[0] != '.' && text[1] != '.') return true;
    const ResolvedScalar value = resolve_plain(text);
    const auto* const number = std::get_if<double>(&value);
    return number == nullptr || std::isfinite(*number);
  }

  std::vector<Place> places_;
  YamlRoot root_ = YamlRoot::null;
};

}  // namespace

std::expected<std::optional<YamlRoot>, YamlError> quick_check(std::string_view text,
                                                              YamlBudget& budget) {
  YamlEvents events(text, budget);
  QuickCheck check;
  while (true) {
    const yaml_event_t* const event = events.next();
    if (event == nullptr) {
      if (events.failed_on_characters()) return std::nullopt;
      return std::unexpected(events.error());
    }
    if (!check.take(*event)) return std::nullopt;
    if (event->type == YAML_DOCUMENT_END_EVENT || event->type == YAML_STREAM_END_EVENT) {
      return check.root();
    }
  }
}

}  // namespace chartmuseum::encoding

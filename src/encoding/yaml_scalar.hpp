// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <variant>

namespace chartmuseum::encoding {

/// A scalar that stays the text it is.
struct TextScalar {
  enum class Why { word, timestamp };
  Why why = Why::word;

  bool operator==(const TextScalar&) const = default;
};

/// What a scalar's text stands for: null, a boolean, a number, or the text itself.
using ResolvedScalar =
    std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, TextScalar>;

/// A plain scalar without a tag, by the reference's version of YAML 1.1 (docs/design/yaml.md).
[[nodiscard]] ResolvedScalar resolve_plain(std::string_view text);

/// A scalar with a tag in its long form ("tag:yaml.org,2002:int"), quoted or not. Where the text
/// does not fit the tag: the problem in the reference's words. `!!binary` is a TextScalar here;
/// see decode_binary.
[[nodiscard]] std::expected<ResolvedScalar, std::string> resolve_tagged(std::string_view tag,
                                                                        std::string_view text);

inline constexpr std::string_view kBinaryTag = "tag:yaml.org,2002:binary";
inline constexpr std::string_view kMergeTag = "tag:yaml.org,2002:merge";

/// The UTF-8 text of a `!!binary` scalar: RFC 4648 base64, where line breaks are skipped; bytes
/// that are no UTF-8 become U+FFFD.
[[nodiscard]] std::expected<std::string, std::string> decode_binary(std::string_view base64);

/// Whether `text`, written plain, is read back as this very text by any YAML 1.1 reader: the
/// rule by which the reference decides to quote. Says nothing about indicators and white space;
/// libyaml's emitter looks after these.
[[nodiscard]] bool reads_back_as_text(std::string_view text);

}  // namespace chartmuseum::encoding

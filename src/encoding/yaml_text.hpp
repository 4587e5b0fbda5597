// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <yaml.h>

#include <string>
#include <string_view>

namespace chartmuseum::encoding {

/// `text` itself if it is UTF-8, else a view of `changed`, where it was made so.
[[nodiscard]] std::string_view writable_text(std::string_view text, std::string& changed);

/// The reference writes every string as JSON and reads that as YAML before it emits it, which
/// folds U+0085 as a line break: one with the spaces around it becomes a space, several in a row
/// become line feeds, one fewer. Returns `text` itself where there is none, else a view of
/// `changed`, which may be what `text` is a view of.
[[nodiscard]] std::string_view fold_next_lines(std::string_view text, std::string& changed);

/// The style to ask libyaml for. It falls back from plain to quotes, and from these to escapes,
/// on its own where the text needs it.
[[nodiscard]] yaml_scalar_style_t style_of_string(std::string_view text);
[[nodiscard]] yaml_scalar_style_t style_of_key(std::string_view text);

}  // namespace chartmuseum::encoding

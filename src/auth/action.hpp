// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace chartmuseum::auth {

/// What one may do with a repository. The Go server knows no right to delete: there whoever may
/// push may delete, and so it is with tokens here (docs/design/auth.md).
enum class Action { pull, push, delete_ };

inline constexpr std::array kActions{Action::pull, Action::push, Action::delete_};

/// The word for it in tokens, challenges and policies: "pull", "push", "delete".
[[nodiscard]] std::string_view text_of(Action action);

/// Case-sensitive, as all who write these words are.
[[nodiscard]] std::optional<Action> action_from(std::string_view text);

}  // namespace chartmuseum::auth

// SPDX-License-Identifier: Apache-2.0
#include "auth/action.hpp"

namespace chartmuseum::auth {

std::string_view text_of(Action action) {
  switch (action) {
    case Action::pull:
      return "pull";
    case Action::push:
      return "push";
    case Action::delete_:
      return "delete";
  }
  return {};
}

std::optional<Action> action_from(std::string_view text) {
  for (const Action action : kActions) {
    if (text == text_of(action)) return action;
  }
  return std::nullopt;
}

}  // namespace chartmuseum::auth

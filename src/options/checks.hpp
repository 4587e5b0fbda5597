// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options/option.hpp"

#include <expected>
#include <optional>
#include <span>
#include <string_view>

namespace chartmuseum::options {

/// Refuses what is switched on among `given` though this version does not have it.
[[nodiscard]] std::optional<UsageError> refuse_missing_features(std::span<const Given> given);

/// Checks what must fit together, and brings paths, URLs and names into the form that the rooms'
/// settings promise.
[[nodiscard]] std::expected<Options, UsageError> finish(Draft draft,
                                                        const Environment& environment);

/// "/x/y" for any way to write it ("x/y", "/x/y/"), "" for the root; nothing if a request could
/// never match it.
[[nodiscard]] std::optional<std::string> normalise_context_path(std::string_view path);

/// An absolute http or https URL without trailing slash; nothing if `url` is not one that a path
/// can be appended to.
[[nodiscard]] std::optional<std::string> normalise_chart_url(std::string_view url);

}  // namespace chartmuseum::options

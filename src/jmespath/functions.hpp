// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "jmespath/signature.hpp"

#include <span>

// The functions of the specification. Their arguments have been checked against their signatures.
namespace chartmuseum::jmespath::functions {

using Arguments = std::span<const Argument>;

// functions.cpp
Found abs(Evaluation& evaluation, Arguments arguments);
Found avg(Evaluation& evaluation, Arguments arguments);
Found ceil(Evaluation& evaluation, Arguments arguments);
Found contains(Evaluation& evaluation, Arguments arguments);
Found ends_with(Evaluation& evaluation, Arguments arguments);
Found floor(Evaluation& evaluation, Arguments arguments);
Found join(Evaluation& evaluation, Arguments arguments);
Found keys(Evaluation& evaluation, Arguments arguments);
Found length(Evaluation& evaluation, Arguments arguments);
Found map(Evaluation& evaluation, Arguments arguments);
Found merge(Evaluation& evaluation, Arguments arguments);
Found not_null(Evaluation& evaluation, Arguments arguments);
Found reverse(Evaluation& evaluation, Arguments arguments);
Found starts_with(Evaluation& evaluation, Arguments arguments);
Found sum(Evaluation& evaluation, Arguments arguments);
Found to_array(Evaluation& evaluation, Arguments arguments);
Found to_number(Evaluation& evaluation, Arguments arguments);
Found to_string(Evaluation& evaluation, Arguments arguments);
Found type(Evaluation& evaluation, Arguments arguments);
Found values(Evaluation& evaluation, Arguments arguments);

// ordering_functions.cpp
Found max(Evaluation& evaluation, Arguments arguments);
Found max_by(Evaluation& evaluation, Arguments arguments);
Found min(Evaluation& evaluation, Arguments arguments);
Found min_by(Evaluation& evaluation, Arguments arguments);
Found sort(Evaluation& evaluation, Arguments arguments);
Found sort_by(Evaluation& evaluation, Arguments arguments);

}  // namespace chartmuseum::jmespath::functions

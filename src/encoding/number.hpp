// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace chartmuseum::encoding {

/// A float that stands where a string is wanted, as Go prints it after rounding to 32 bits:
/// shortest digits, exponent form below 1e-04 and from 1e+06 ("1.1", "1e+06", "+Inf").
[[nodiscard]] std::string number_in_string_field(double number);

/// A number that stays one (import-values), as YAML shows it: shortest digits in 64 bits,
/// integral values that fit 64 bits in plain digits.
[[nodiscard]] std::string yaml_number(double number);

/// A number in JSON as Go's encoding/json writes a float64.
[[nodiscard]] std::string json_number(double number);

}  // namespace chartmuseum::encoding

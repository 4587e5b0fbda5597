// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace chartmuseum::jmespath {

struct Token {
  enum class Kind {
    identifier,         // text
    quoted_identifier,  // text
    raw_string,         // text
    literal,            // literal
    number,             // number
    star,
    current,
    dot,
    comma,
    colon,
    pipe,
    logical_or,
    logical_and,
    logical_not,
    equal,
    not_equal,
    less,
    less_or_equal,
    greater,
    greater_or_equal,
    ampersand,
    left_bracket,
    flatten,  // "[]"
    filter,   // "[?"
    right_bracket,
    left_brace,
    right_brace,
    left_parenthesis,
    right_parenthesis,
    end
  };

  Kind kind = Kind::end;
  std::size_t offset = 0;
  std::string text;
  std::int64_t number = 0;
  boost::json::value literal;
};

/// For messages: "']'", "an identifier", "the end of the expression".
[[nodiscard]] std::string_view name_of(Token::Kind kind);

}  // namespace chartmuseum::jmespath

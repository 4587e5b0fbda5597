// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "jmespath/signature.hpp"
#include "jmespath/token.hpp"

#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace chartmuseum::jmespath {

/// A node's place in SyntaxTree::nodes. Children stand before their parents.
using NodeId = std::uint32_t;

/// A name as it stands in the expression, or one that has placeholders and is filled in for each
/// search.
struct Name {
  std::string text;
  std::optional<std::size_t> filled;  // its place among SyntaxTree::fillings
};

struct Current {};
struct Field {
  Name name;
};
struct Literal {
  boost::json::value value;
  std::optional<std::size_t> filled;
};
struct Index {
  std::int64_t index = 0;  // negative: from the end
};
struct Slice {
  std::optional<std::int64_t> start;
  std::optional<std::int64_t> stop;
  std::int64_t step = 1;  // never 0
};
/// `second` is evaluated on what `first` gives: "a.b", "a[0]", "a | b".
struct Sequence {
  NodeId first;
  NodeId second;
};
struct Flatten {
  NodeId list;
};
/// `each` is evaluated on the items of `list`; what gives null is left out. So with the others.
struct ListProjection {
  NodeId list;
  NodeId each;
};
struct ObjectProjection {
  NodeId object;
  NodeId each;
};
struct FilterProjection {
  NodeId list;
  NodeId condition;
  NodeId each;
};
struct MultiSelectList {
  std::vector<NodeId> items;
};
struct MultiSelectHash {
  std::vector<std::pair<Name, NodeId>> members;
};
struct Or {
  NodeId left;
  NodeId right;
};
struct And {
  NodeId left;
  NodeId right;
};
struct Not {
  NodeId operand;
};
struct Comparison {
  Token::Kind comparator;
  NodeId left;
  NodeId right;
};
struct Call {
  const Function* function;       // of the table, which lives as long as the program
  std::vector<NodeId> arguments;  // those that the signature calls expressions are not evaluated
};

using Node = std::variant<Current, Field, Literal, Index, Slice, Sequence, Flatten, ListProjection,
                          ObjectProjection, FilterProjection, MultiSelectList, MultiSelectHash, Or,
                          And, Not, Comparison, Call>;

struct SyntaxTree {
  std::vector<Node> nodes;
  NodeId root = 0;
  std::vector<boost::json::value>
      fillings;  // what has placeholders: literals, and names as strings
};

}  // namespace chartmuseum::jmespath

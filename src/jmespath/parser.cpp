// SPDX-License-Identifier: Apache-2.0
#include "jmespath/parser.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace chartmuseum::jmespath {
namespace {

using Kind = Token::Kind;

/// How strongly an operator holds on to what stands before it. The specification's grammar leaves
/// precedence open; these are the reference implementation's numbers.
enum Strength : int {
  nothing = 0,
  piping = 1,
  disjunction = 2,
  conjunction = 3,
  comparison = 5,
  flattening = 9,
  projection_end = 10,  // what holds weaker ends a projection
  projecting = 20,
  filtering = 21,
  subexpression = 40,
  negation = 45,
  indexing = 55,
};

int strength_of(Kind kind) {
  switch (kind) {
    case Kind::pipe:
      return piping;
    case Kind::logical_or:
      return disjunction;
    case Kind::logical_and:
      return conjunction;
    case Kind::equal:
    case Kind::not_equal:
    case Kind::less:
    case Kind::less_or_equal:
    case Kind::greater:
    case Kind::greater_or_equal:
      return comparison;
    case Kind::flatten:
      return flattening;
    case Kind::filter:
      return filtering;
    case Kind::dot:
      return subexpression;
    case Kind::left_bracket:
      return indexing;
    default:
      return nothing;
  }
}

/// A Pratt parser. What it could not parse it throws, to itself alone: of some thirty steps each
/// can fail, and none has anything to do then but to stop.
class Parser {
 public:
  Parser(std::vector<Token> tokens, const Placeholders& placeholders, std::size_t depth)
      : tokens_(std::move(tokens)), placeholders_(placeholders), depth_limit_(depth) {}

  std::expected<SyntaxTree, CompileError> run() try {
    tree_.root = expression(nothing);
    if (!is(Kind::end)) refuse_token("an operator or the end of the expression");
    return std::move(tree_);
  } catch (CompileError& error) {
    return std::unexpected(std::move(error));
  }

 private:
  [[nodiscard]] const Token& token() const { return tokens_[at_]; }
  [[nodiscard]] bool is(Kind kind) const { return token().kind == kind; }
  [[nodiscard]] bool next_is(Kind kind) const {
    return at_ + 1 < tokens_.size() && tokens_[at_ + 1].kind == kind;
  }

  /// The token that is left behind; the last one is never.
  Token& take() {
    Token& taken = tokens_[at_];
    if (taken.kind != Kind::end) ++at_;
    return taken;
  }

  bool take_if(Kind kind) {
    if (!is(kind)) return false;
    take();
    return true;
  }

  void expect(Kind kind) {
    if (!take_if(kind)) refuse_token(name_of(kind));
  }

  [[noreturn]] static void refuse(CompileError::Kind kind, std::string message,
                                  std::size_t offset) {
    throw CompileError{kind, std::move(message), offset};
  }

  [[noreturn]] void refuse_token(std::string_view expected) const {
    refuse(CompileError::Kind::syntax,
           "expected " + std::string(expected) + " but found " + std::string(name_of(token().kind)),
           token().offset);
  }

  /// `depth` is that of the deepest child.
  NodeId add(Node node, std::size_t depth) {
    check_depth(depth + 1);
    tree_.nodes.push_back(std::move(node));
    depths_.push_back(depth + 1);
    return static_cast<NodeId>(tree_.nodes.size() - 1);
  }

  NodeId leaf(Node node) { return add(std::move(node), 0); }

  [[nodiscard]] std::size_t depth_of(auto... nodes) const { return std::max({depths_[nodes]...}); }

  void check_depth(std::size_t depth) const {
    if (depth <= depth_limit_) return;
    refuse(CompileError::Kind::too_large,
           "more than " + std::to_string(depth_limit_) + " operators within each other",
           token().offset);
  }

  template <class T>
  NodeId add_pair(NodeId left, NodeId right) {
    return add(T{left, right}, depth_of(left, right));
  }

  NodeId current() { return leaf(Current{}); }

  NodeId expression(int strength) {
    check_depth(++nesting_);
    NodeId left = beginning();
    while (strength < strength_of(token().kind)) left = continuation(left);
    --nesting_;
    return left;
  }

  /// What may stand first.
  NodeId beginning() {
    switch (token().kind) {
      case Kind::identifier:
        return next_is(Kind::left_parenthesis) ? call() : field();
      case Kind::quoted_identifier:
        if (next_is(Kind::left_parenthesis)) {
          refuse(CompileError::Kind::syntax, "a function's name stands without quotes",
                 token().offset);
        }
        return field();
      case Kind::raw_string:
        return literal(boost::json::value(take().text));
      case Kind::literal:
        return literal(std::move(take().literal));
      case Kind::current:
        take();
        return current();
      case Kind::logical_not: {
        take();
        const NodeId operand = expression(negation);
        return add(Not{operand}, depth_of(operand));
      }
      case Kind::left_parenthesis: {
        take();
        const NodeId inner = expression(nothing);
        expect(Kind::right_parenthesis);
        return inner;
      }
      case Kind::left_brace:
        take();
        return multi_select_hash();
      case Kind::star:
        take();
        return object_projection(current(), projecting);
      case Kind::flatten:
      case Kind::filter:
        return continuation(current());
      case Kind::left_bracket:
        if (is_index() || (next_is(Kind::star) && at_ + 2 < tokens_.size() &&
                           tokens_[at_ + 2].kind == Kind::right_bracket)) {
          return continuation(current());
        }
        take();
        return multi_select_list();
      case Kind::ampersand:
        refuse(CompileError::Kind::syntax,
               "an expression reference stands only where a function takes one", token().offset);
      case Kind::number:
        refuse(CompileError::Kind::syntax,
               "a number stands in backticks here, as `1`, or in brackets", token().offset);
      default:
        refuse_token("an expression");
    }
  }

  /// What follows `left`.
  NodeId continuation(NodeId left) {
    const Kind kind = token().kind;
    const int strength = strength_of(kind);
    switch (kind) {
      case Kind::dot:
        take();
        // As the engines in Go, Python and JavaScript have it, "a.*.b.c" takes c of the whole list.
        if (take_if(Kind::star)) return object_projection(left, subexpression);
        return add_pair<Sequence>(left, behind_dot(strength));
      case Kind::pipe:
        take();
        return add_pair<Sequence>(left, expression(strength));
      case Kind::logical_or:
        take();
        return add_pair<Or>(left, expression(strength));
      case Kind::logical_and:
        take();
        return add_pair<And>(left, expression(strength));
      case Kind::flatten: {
        take();
        const NodeId flat = add(Flatten{left}, depth_of(left));
        return add_pair<ListProjection>(flat, projected(flattening));
      }
      case Kind::filter:
        return filter_projection(left);
      case Kind::left_bracket:
        return brackets(left);
      default: {  // a comparison
        take();
        const NodeId right = expression(strength);
        return add(Comparison{kind, left, right}, depth_of(left, right));
      }
    }
  }

  /// What a projection does with each item.
  NodeId projected(int strength) {
    if (strength_of(token().kind) < projection_end) return current();
    if (take_if(Kind::dot)) return behind_dot(strength);
    return expression(strength);  // "[" or "[?", of the item
  }

  NodeId behind_dot(int strength) {
    if (is(Kind::identifier) || is(Kind::quoted_identifier) || is(Kind::star)) {
      return expression(strength);
    }
    if (take_if(Kind::left_bracket)) return multi_select_list();
    if (take_if(Kind::left_brace)) return multi_select_hash();
    refuse_token("an identifier, '*', '[' or '{' behind '.'");
  }

  NodeId object_projection(NodeId object, int strength) {
    return add_pair<ObjectProjection>(object, projected(strength));
  }

  NodeId filter_projection(NodeId list) {
    take();
    const NodeId condition = expression(nothing);
    expect(Kind::right_bracket);
    const NodeId each = is(Kind::flatten) ? current() : projected(filtering);
    return add(FilterProjection{list, condition, each}, depth_of(list, condition, each));
  }

  [[nodiscard]] bool is_index() const { return next_is(Kind::number) || next_is(Kind::colon); }

  /// "[0]", "[1:2]", "[*]"
  NodeId brackets(NodeId left) {
    const bool indexed = is_index();
    take();
    if (!indexed) {
      if (!take_if(Kind::star)) refuse_token("a number, ':' or '*' behind '['");
      expect(Kind::right_bracket);
      return add_pair<ListProjection>(left, projected(projecting));
    }
    if (is(Kind::number) && next_is(Kind::right_bracket)) {
      const NodeId index = leaf(Index{take().number});
      take();
      return add_pair<Sequence>(left, index);
    }
    const NodeId sliced = add_pair<Sequence>(left, leaf(slice()));
    return add_pair<ListProjection>(sliced, projected(projecting));
  }

  Slice slice() {
    std::optional<std::int64_t> parts[3];
    const std::size_t offset = token().offset;
    for (std::size_t part = 0;;) {
      if (is(Kind::number)) parts[part] = take().number;
      if (take_if(Kind::right_bracket)) break;
      if (part == 2 || !is(Kind::colon)) refuse_token(part == 2 ? "']'" : "':' or ']'");
      take();
      ++part;
    }
    if (parts[2] == 0) {
      refuse(CompileError::Kind::invalid_value, "a slice's step is not 0", offset);
    }
    return Slice{parts[0], parts[1], parts[2].value_or(1)};
  }

  NodeId multi_select_list() {
    MultiSelectList list;
    std::size_t depth = 0;
    do {
      list.items.push_back(expression(nothing));
      depth = std::max(depth, depth_of(list.items.back()));
    } while (take_if(Kind::comma));
    if (!take_if(Kind::right_bracket)) refuse_token("',' or ']'");
    return add(std::move(list), depth);
  }

  NodeId multi_select_hash() {
    MultiSelectHash hash;
    std::size_t depth = 0;
    do {
      if (!is(Kind::identifier) && !is(Kind::quoted_identifier)) refuse_token("a key");
      Name key = name();
      expect(Kind::colon);
      hash.members.emplace_back(std::move(key), expression(nothing));
      depth = std::max(depth, depth_of(hash.members.back().second));
    } while (take_if(Kind::comma));
    if (!take_if(Kind::right_brace)) refuse_token("',' or '}'");
    return add(std::move(hash), depth);
  }

  NodeId call() {
    const Token& name = take();
    const Function* const function = find_function(name.text);
    if (function == nullptr) {
      refuse(CompileError::Kind::unknown_function, "there is no function " + name.text + "()",
             name.offset);
    }
    take();
    Call call{function, {}};
    std::size_t depth = 0;
    if (!take_if(Kind::right_parenthesis)) {
      do {
        call.arguments.push_back(argument(*function, call.arguments.size()));
        depth = std::max(depth, depth_of(call.arguments.back()));
      } while (take_if(Kind::comma));
      if (!take_if(Kind::right_parenthesis)) refuse_token("',' or ')'");
    }
    const std::size_t wanted = function->parameters.size();
    const std::size_t given = call.arguments.size();
    if (given < wanted || (given > wanted && !function->variadic)) {
      refuse(CompileError::Kind::invalid_arity,
             name.text + "() takes " + (function->variadic ? "at least " : "") +
                 std::to_string(wanted) + (wanted == 1 ? " argument, not " : " arguments, not ") +
                 std::to_string(given),
             name.offset);
    }
    return add(std::move(call), depth);
  }

  NodeId argument(const Function& function, std::size_t place) {
    const std::size_t offset = token().offset;
    const bool reference = take_if(Kind::ampersand);
    const NodeId node = expression(nothing);
    // Of arguments too many it is said how many there may be.
    const bool known = place < function.parameters.size() || function.variadic;
    if (known && reference != function.parameter(place).expression) {
      refuse(CompileError::Kind::invalid_type,
             std::string(function.name) + "() takes " +
                 (reference ? "a value" : "an expression, such as &name,") + " as argument " +
                 std::to_string(place + 1),
             offset);
    }
    return node;
  }

  NodeId field() { return leaf(Field{name()}); }

  Name name() {
    Token& taken = take();
    Name name{std::move(taken.text), std::nullopt};
    if (taken.kind == Kind::quoted_identifier && placeholders_.occur_in(name.text)) {
      name.filled = tree_.fillings.size();
      tree_.fillings.emplace_back(name.text);
    }
    return name;
  }

  NodeId literal(boost::json::value value) {
    Literal literal{std::move(value), std::nullopt};
    if (placeholders_.occur_in(literal.value)) {
      literal.filled = tree_.fillings.size();
      tree_.fillings.push_back(std::move(literal.value));
    }
    return leaf(std::move(literal));
  }

  std::vector<Token> tokens_;
  const Placeholders& placeholders_;
  std::size_t depth_limit_;
  std::size_t at_ = 0;
  std::size_t nesting_ = 0;
  SyntaxTree tree_;
  std::vector<std::size_t> depths_;  // of the tree's nodes
};

}  // namespace

std::expected<SyntaxTree, CompileError> parse(std::vector<Token> tokens,
                                              const Placeholders& placeholders, std::size_t depth) {
  return Parser(std::move(tokens), placeholders, depth).run();
}

}  // namespace chartmuseum::jmespath

// SPDX-License-Identifier: Apache-2.0
#include "jmespath/evaluation.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <variant>

namespace chartmuseum::jmespath {
namespace {

namespace json = boost::json;

const json::value null_value;
const json::value true_value(true);
const json::value false_value(false);

const json::value* truth(bool value) {
  return value ? &true_value : &false_value;
}

json::string_view view(std::string_view text) {
  return {text.data(), text.size()};
}

/// Where a slice begins and how many items it takes, by Python's rules.
struct SliceRange {
  std::int64_t begin = 0;
  std::int64_t count = 0;
};

SliceRange range_of(const Slice& slice, std::int64_t size) {
  const bool forward = slice.step > 0;
  const std::int64_t lowest = forward ? 0 : -1;
  const std::int64_t highest = forward ? size : size - 1;
  const auto place = [&](std::int64_t wanted) {
    return std::clamp(wanted < 0 ? wanted + size : wanted, lowest, highest);
  };
  const std::int64_t begin = slice.start ? place(*slice.start) : (forward ? lowest : highest);
  const std::int64_t end = slice.stop ? place(*slice.stop) : (forward ? highest : lowest);
  const std::int64_t distance = forward ? end - begin : begin - end;
  if (distance <= 0) return {};
  // Steps beyond the list take one item; so said, none of this overflows.
  const std::int64_t step =
      std::max(forward ? slice.step : -std::max(slice.step, -size - 1), std::int64_t{1});
  return {begin, (distance - 1) / step + 1};
}

bool holds(Token::Kind comparator, std::partial_ordering order) {
  switch (comparator) {
    case Token::Kind::less:
      return order < 0;
    case Token::Kind::less_or_equal:
      return order <= 0;
    case Token::Kind::greater:
      return order > 0;
    default:
      return order >= 0;
  }
}

}  // namespace

Evaluation::Evaluation(const SyntaxTree& tree, const Placeholders& placeholders,
                       std::span<const Binding> bindings, const SearchLimits& limits)
    : tree_(tree),
      placeholders_(placeholders),
      bindings_(bindings),
      budget_{limits},
      filled_(tree.fillings.size()) {}

Found Evaluation::evaluate(NodeId node, const json::value& current) {
  if (!budget_.spend(1)) return over_limit();
  return std::visit([&](const auto& alternative) { return (*this)(alternative, current); },
                    tree_.nodes[node]);
}

Found Evaluation::keep(json::value value) {
  if (!budget_.claim(sizeof(json::value))) return over_limit();
  return &kept_.emplace_back(std::move(value));
}

Found Evaluation::keep_text(std::string_view text) {
  if (!budget_.claim(text.size()) || !budget_.spend(text.size() / 32)) return over_limit();
  return keep(json::value(view(text)));
}

std::unexpected<EvaluationError> Evaluation::over_limit() {
  return std::unexpected(
      EvaluationError{EvaluationError::Kind::limit, "the search takes more than it may"});
}

std::unexpected<EvaluationError> Evaluation::wrong_type(std::string message) {
  return std::unexpected(EvaluationError{EvaluationError::Kind::invalid_type, std::move(message)});
}

Found Evaluation::operator()(const Current&, const json::value& current) {
  return &current;
}

Found Evaluation::operator()(const Field& node, const json::value& current) {
  const auto* object = current.if_object();
  if (object == nullptr) return &null_value;
  const Text name = text(node.name);
  if (!name) return std::unexpected(name.error());
  const json::value* const member = object->if_contains(view(*name));
  return member != nullptr ? member : &null_value;
}

Found Evaluation::operator()(const Literal& node, const json::value&) {
  if (node.filled) return filled(*node.filled);
  return &node.value;
}

Found Evaluation::operator()(const Index& node, const json::value& current) {
  const auto* array = current.if_array();
  if (array == nullptr) return &null_value;
  const auto size = static_cast<std::int64_t>(array->size());
  const std::int64_t index = node.index < 0 ? node.index + size : node.index;
  if (index < 0 || index >= size) return &null_value;
  return &(*array)[static_cast<std::size_t>(index)];
}

Found Evaluation::operator()(const Slice& node, const json::value& current) {
  const auto* array = current.if_array();
  if (array == nullptr) return &null_value;
  const auto [begin, count] = range_of(node, static_cast<std::int64_t>(array->size()));
  json::array result;
  for (std::int64_t i = 0; i < count; ++i) {
    auto item = copy((*array)[static_cast<std::size_t>(begin + i * node.step)], budget_);
    if (!item) return over_limit();
    result.push_back(*std::move(item));
  }
  return keep(std::move(result));
}

Found Evaluation::operator()(const Sequence& node, const json::value& current) {
  const Found first = evaluate(node.first, current);
  return first ? evaluate(node.second, **first) : first;
}

Found Evaluation::operator()(const Flatten& node, const json::value& current) {
  const Found list = evaluate(node.list, current);
  if (!list) return list;
  const auto* array = (*list)->if_array();
  if (array == nullptr) return &null_value;
  json::array result;
  const auto append = [&](const json::value& item) {
    auto copied = copy(item, budget_);
    if (!copied) return false;
    result.push_back(*std::move(copied));
    return true;
  };
  for (const json::value& item : *array) {
    const auto* inner = item.if_array();
    const bool fits =
        budget_.spend(1) && (inner != nullptr ? std::ranges::all_of(*inner, append) : append(item));
    if (!fits) return over_limit();
  }
  return keep(std::move(result));
}

std::optional<EvaluationError> Evaluation::project(json::array& results, NodeId each,
                                                   const json::value& item) {
  const Found found = evaluate(each, item);
  if (!found) return found.error();
  if ((*found)->is_null()) return std::nullopt;
  auto copied = copy(**found, budget_);
  if (!copied) return over_limit().error();
  results.push_back(*std::move(copied));
  return std::nullopt;
}

Found Evaluation::operator()(const ListProjection& node, const json::value& current) {
  const Found list = evaluate(node.list, current);
  if (!list) return list;
  const auto* array = (*list)->if_array();
  if (array == nullptr) return &null_value;
  json::array results;
  for (const json::value& item : *array) {
    if (auto error = project(results, node.each, item)) return std::unexpected(*std::move(error));
  }
  return keep(std::move(results));
}

Found Evaluation::operator()(const ObjectProjection& node, const json::value& current) {
  const Found found = evaluate(node.object, current);
  if (!found) return found;
  const auto* object = (*found)->if_object();
  if (object == nullptr) return &null_value;
  json::array results;
  for (const auto& member : *object) {
    if (auto error = project(results, node.each, member.value())) {
      return std::unexpected(*std::move(error));
    }
  }
  return keep(std::move(results));
}

Found Evaluation::operator()(const FilterProjection& node, const json::value& current) {
  const Found list = evaluate(node.list, current);
  if (!list) return list;
  const auto* array = (*list)->if_array();
  if (array == nullptr) return &null_value;
  json::array results;
  for (const json::value& item : *array) {
    const Found condition = evaluate(node.condition, item);
    if (!condition) return condition;
    if (!is_true(**condition)) continue;
    if (auto error = project(results, node.each, item)) return std::unexpected(*std::move(error));
  }
  return keep(std::move(results));
}

Found Evaluation::operator()(const MultiSelectList& node, const json::value& current) {
  if (current.is_null()) return &null_value;
  json::array result;
  for (const NodeId item : node.items) {
    const Found found = evaluate(item, current);
    if (!found) return found;
    auto copied = copy(**found, budget_);
    if (!copied) return over_limit();
    result.push_back(*std::move(copied));
  }
  return keep(std::move(result));
}

Found Evaluation::operator()(const MultiSelectHash& node, const json::value& current) {
  if (current.is_null()) return &null_value;
  json::object result;
  for (const auto& [name, value] : node.members) {
    const Found found = evaluate(value, current);
    if (!found) return found;
    const Text key = text(name);
    if (!key) return std::unexpected(key.error());
    auto copied = copy(**found, budget_);
    if (!copied || !budget_.claim(sizeof(json::key_value_pair) + key->size())) {
      return over_limit();
    }
    result.insert_or_assign(view(*key), *std::move(copied));
  }
  return keep(std::move(result));
}

Found Evaluation::operator()(const Or& node, const json::value& current) {
  const Found left = evaluate(node.left, current);
  return !left || is_true(**left) ? left : evaluate(node.right, current);
}

Found Evaluation::operator()(const And& node, const json::value& current) {
  const Found left = evaluate(node.left, current);
  return !left || !is_true(**left) ? left : evaluate(node.right, current);
}

Found Evaluation::operator()(const Not& node, const json::value& current) {
  const Found operand = evaluate(node.operand, current);
  if (!operand) return operand;
  return truth(!is_true(**operand));
}

Found Evaluation::operator()(const Comparison& node, const json::value& current) {
  const Found left = evaluate(node.left, current);
  if (!left) return left;
  const Found right = evaluate(node.right, current);
  if (!right) return right;
  const bool wants_equal = node.comparator == Token::Kind::equal;
  if (wants_equal || node.comparator == Token::Kind::not_equal) {
    const auto equal = are_equal(**left, **right, budget_);
    if (!equal) return over_limit();
    return truth(*equal == wants_equal);
  }
  if (!(*left)->is_number() || !(*right)->is_number()) return &null_value;
  return truth(holds(node.comparator, compare_numbers(**left, **right)));
}

Found Evaluation::operator()(const Call& node, const json::value& current) {
  const Function& function = *node.function;
  std::vector<Argument> arguments;
  for (const NodeId argument : node.arguments) {
    const std::size_t place = arguments.size();
    if (function.parameter(place).expression) {
      arguments.push_back({nullptr, argument});
      continue;
    }
    const Found value = evaluate(argument, current);
    if (!value) return value;
    const auto* array = (*value)->if_array();
    if (array != nullptr && !budget_.spend(array->size())) return over_limit();
    if (auto problem = check_argument(function, place, **value); !problem.empty()) {
      return wrong_type(std::move(problem));
    }
    arguments.push_back({*value, 0});
  }
  return function.call(*this, arguments);
}

Found Evaluation::filled(std::size_t place) {
  const json::value*& known = filled_[place];
  if (known == nullptr) {
    auto value = fill(tree_.fillings[place]);
    if (!value) return std::unexpected(std::move(value.error()));
    const Found kept = keep(*std::move(value));
    if (!kept) return kept;
    known = *kept;
  }
  return known;
}

Evaluation::Text Evaluation::text(const Name& name) {
  if (!name.filled) return std::string_view(name.text);
  const Found value = filled(*name.filled);
  if (!value) return std::unexpected(value.error());
  return text_of(**value);
}

std::expected<json::value, EvaluationError> Evaluation::fill(const json::value& value) {
  if (!budget_.claim(sizeof(json::value))) return over_limit();
  const auto fill_text = [this](std::string_view text) {
    auto result = placeholders_.fill(text, bindings_);
    if (result && !budget_.claim(result->size())) result = over_limit();
    return result;
  };
  if (value.is_string()) {
    const auto text = fill_text(text_of(value));
    if (!text) return std::unexpected(text.error());
    return json::value(view(*text));
  }
  if (const auto* array = value.if_array()) {
    json::array result;
    for (const json::value& item : *array) {
      auto one = fill(item);
      if (!one) return one;
      result.push_back(*std::move(one));
    }
    return result;
  }
  if (const auto* object = value.if_object()) {
    json::object result;
    for (const auto& [key, member] : *object) {
      const auto name = fill_text({key.data(), key.size()});
      if (!name) return std::unexpected(name.error());
      auto one = fill(member);
      if (!one) return one;
      result.insert_or_assign(view(*name), *std::move(one));
    }
    return result;
  }
  return value;
}

}  // namespace chartmuseum::jmespath

// SPDX-License-Identifier: Apache-2.0
#include "encoding/json_text.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value_stack.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace chartmuseum::encoding {

namespace {

namespace json = boost::json;
using Error = json::error_code;

/// Builds the value like json::parser does, and counts the members that the text names:
/// json::object silently keeps the last one of a name.
class Builder {
 public:
  static constexpr std::size_t max_object_size = json::object::max_size();
  static constexpr std::size_t max_array_size = json::array::max_size();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();

  [[nodiscard]] std::size_t members() const { return members_; }
  [[nodiscard]] json::value release() { return stack_.release(); }

  bool on_document_begin(Error&) {
    stack_.reset();
    return true;
  }
  bool on_document_end(Error&) { return true; }
  bool on_object_begin(Error&) { return true; }
  bool on_object_end(std::size_t size, Error&) {
    members_ += size;
    stack_.push_object(size);
    return true;
  }
  bool on_array_begin(Error&) { return true; }
  bool on_array_end(std::size_t size, Error&) {
    stack_.push_array(size);
    return true;
  }
  bool on_key_part(json::string_view part, std::size_t, Error&) {
    stack_.push_chars(part);
    return true;
  }
  bool on_key(json::string_view rest, std::size_t, Error&) {
    stack_.push_key(rest);
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, Error&) {
    stack_.push_chars(part);
    return true;
  }
  bool on_string(json::string_view rest, std::size_t, Error&) {
    stack_.push_string(rest);
    return true;
  }
  bool on_number_part(json::string_view, Error&) { return true; }
  bool on_int64(std::int64_t number, json::string_view, Error&) {
    stack_.push_int64(number);
    return true;
  }
  bool on_uint64(std::uint64_t number, json::string_view, Error&) {
    stack_.push_uint64(number);
    return true;
  }
  bool on_double(double number, json::string_view, Error&) {
    stack_.push_double(number);
    return true;
  }
  bool on_bool(bool truth, Error&) {
    stack_.push_bool(truth);
    return true;
  }
  bool on_null(Error&) {
    stack_.push_null();
    return true;
  }
  bool on_comment_part(json::string_view, Error&) { return true; }
  bool on_comment(json::string_view, Error&) { return true; }

 private:
  json::value_stack stack_;
  std::size_t members_ = 0;
};

/// No deeper than the parser went.
std::size_t count_members(const json::value& value) {
  std::size_t count = 0;
  if (const json::object* const object = value.if_object()) {
    count = object->size();
    for (const auto& member : *object) count += count_members(member.value());
  } else if (const json::array* const array = value.if_array()) {
    for (const json::value& element : *array) count += count_members(element);
  }
  return count;
}

}  // namespace

std::optional<json::object> read_json_object(std::string_view text) {
  json::parse_options options;
  options.max_depth = 32;
  json::basic_parser<Builder> parser(options);
  Error error;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), error);
  if (error || read != text.size() || !parser.done()) return std::nullopt;
  json::value value = parser.handler().release();
  if (!value.is_object() || count_members(value) != parser.handler().members()) {
    return std::nullopt;
  }
  return std::move(value.get_object());
}

std::optional<std::string_view> string_member(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string_view(value->get_string());
}

}  // namespace chartmuseum::encoding

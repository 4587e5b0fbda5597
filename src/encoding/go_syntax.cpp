// SPDX-License-Identifier: Apache-2.0
#include "encoding/go_syntax.hpp"

#include "encoding/number.hpp"

#include <algorithm>
#include <charconv>
#include <variant>
#include <vector>

namespace chartmuseum::encoding {

namespace {

constexpr std::size_t kLongest = 200;  // a message is for people

class GoSyntax {
 public:
  void append(const Value& value) {
    if (text_.size() < kLongest) std::visit(*this, value.content());
  }

  void operator()(std::nullptr_t) { text_ += "interface {}(nil)"; }
  void operator()(bool value) { text_ += value ? "true" : "false"; }
  void operator()(std::int64_t value) { text_ += std::to_string(value); }
  void operator()(std::uint64_t value) {
    char digits[16];
    const auto end = std::to_chars(digits, digits + sizeof digits, value, 16);
    text_ += "0x";
    text_.append(digits, end.ptr);
  }
  void operator()(double value) { text_ += yaml_number(value); }
  void operator()(const std::string& value) {
    text_ += '"';
    for (const char c : std::string_view(value).substr(0, kLongest)) {
      if (c == '"' || c == '\\') text_ += '\\';
      if (c == '\n') {
        text_ += "\\n";
      } else {
        text_ += static_cast<unsigned char>(c) < ' ' ? '?' : c;  // a message is one line
      }
    }
    text_ += '"';
  }
  void operator()(const Value::List& list) {
    text_ += "[]interface {}{";
    std::string_view separator;
    for (const Value& item : list) {
      if (text_.size() >= kLongest) break;
      text_ += separator;
      separator = ", ";
      append(item);
    }
    text_ += '}';
  }
  void operator()(const Value::Mapping& mapping) {
    text_ += "map[interface {}]interface {}{";
    std::vector<const Value::Member*> members;
    for (const Value::Member& member : mapping) members.push_back(&member);
    std::ranges::sort(members, {}, [](const Value::Member* member) { return member->first; });
    std::string_view separator;
    for (const Value::Member* member : members) {
      if (text_.size() >= kLongest) break;
      text_ += separator;
      separator = ", ";
      append_key(member->first);
      text_ += ':';
      append(member->second);
    }
    text_ += '}';
  }

  void append_key(const std::string& key) {
    if (!key.starts_with(kUnsupportedKey)) return (*this)(key);
    text_ += std::string_view(key).substr(key.rfind(' ') + 1);
  }

  [[nodiscard]] std::string take() {
    if (text_.size() > kLongest) text_ = text_.substr(0, kLongest) + "...";
    return std::move(text_);
  }

 private:
  std::string text_;
};

}  // namespace

std::string go_syntax(const Value& value) {
  if (value.is_null()) return "<nil>";
  GoSyntax syntax;
  syntax.append(value);
  return syntax.take();
}

}  // namespace chartmuseum::encoding

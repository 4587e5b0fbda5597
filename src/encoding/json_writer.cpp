// SPDX-License-Identifier: Apache-2.0
#include "encoding/json_writer.hpp"

#include "encoding/number.hpp"
#include "encoding/utf8.hpp"

#include <algorithm>
#include <array>
#include <variant>
#include <vector>

namespace chartmuseum::encoding {

namespace {

bool stands_for_itself(unsigned char c) {
  return c >= 0x20 && c < 0x80 && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
}

void append_escape(std::string& out, unsigned char c) {
  static constexpr char kDigits[] = "0123456789abcdef";
  switch (c) {
    case '"':
    case '\\':
      out += '\\';
      out += static_cast<char>(c);
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += kDigits[c >> 4];
      out += kDigits[c & 15];
  }
}

std::vector<const Value::Member*> in_byte_order(const Value::Mapping& mapping) {
  std::vector<const Value::Member*> members;
  members.reserve(mapping.size());
  for (const Value::Member& member : mapping) members.push_back(&member);
  std::ranges::sort(
      members, {}, [](const Value::Member* member) -> const std::string& { return member->first; });
  return members;
}

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  void operator()(std::nullptr_t) { out_ += "null"; }
  void operator()(bool value) { out_ += value ? "true" : "false"; }
  void operator()(std::int64_t value) { out_ += json_number(static_cast<double>(value)); }
  void operator()(std::uint64_t value) { out_ += json_number(static_cast<double>(value)); }
  void operator()(double value) { out_ += json_number(value); }
  void operator()(const std::string& value) { append_json_string(out_, value); }

  void operator()(const Value::List& list) {
    out_ += '[';
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (i > 0) out_ += ',';
      std::visit(*this, list[i].content());
    }
    out_ += ']';
  }

  void operator()(const Value::Mapping& mapping) {
    const std::vector<const Value::Member*> members = in_byte_order(mapping);
    out_ += '{';
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i > 0) out_ += ',';
      append_json_string(out_, members[i]->first);
      out_ += ':';
      std::visit(*this, members[i]->second.content());
    }
    out_ += '}';
  }

 private:
  std::string& out_;
};

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t copied = 0;
  std::size_t at = 0;
  const auto copy_until = [&](std::size_t end) { out.append(text, copied, end - copied); };
  while (at < text.size()) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (stands_for_itself(c)) {
      ++at;
      continue;
    }
    if (c < 0x80) {
      copy_until(at);
      append_escape(out, c);
      copied = ++at;
      continue;
    }
    const Rune rune = first_rune(text.substr(at));
    const bool separator = rune.value == 0x2028 || rune.value == 0x2029;
    if (!rune.valid || separator) {
      copy_until(at);
      if (!rune.valid) out += "\\ufffd";
      if (separator) out += rune.value == 0x2028 ? "\\u2028" : "\\u2029";
      copied = at + rune.size;
    }
    at += rune.size;
  }
  copy_until(text.size());
  out += '"';
}

void append_json(std::string& out, const Value& value) {
  std::visit(JsonWriter(out), value.content());
}

std::string json_object(std::string_view key, std::string_view text) {
  std::string out = "{";
  append_json_string(out, key);
  out += ':';
  append_json_string(out, text);
  return out += '}';
}

}  // namespace chartmuseum::encoding

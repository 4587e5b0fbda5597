// SPDX-License-Identifier: Apache-2.0
#include "http/response.hpp"

#include "base/utf8.hpp"

#include <boost/beast/http/status.hpp>

#include <algorithm>

namespace chartmuseum::http {

namespace {

/// As Go's encoder does it, which also escapes what a browser could take for markup.
void append_json_text(std::string& out, std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  while (!text.empty()) {
    const auto character = first_utf8_character(text);
    const std::size_t length = character ? character->size : 0;
    const char c = text.front();
    if (length == 0) {
      out += "\\ufffd";
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else if (length == 1 && (c < 0x20 || c == '<' || c == '>' || c == '&')) {
      out += "\\u00";
      out += kDigits[c >> 4];
      out += kDigits[c & 15];
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
}

}  // namespace

std::string_view reason(unsigned status) {
  if (status == 413) return "Request Entity Too Large";
  const auto text = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
  return {text.data(), text.size()};
}

Response json_error(unsigned status, std::string_view message) {
  Response response;
  response.status = status;
  response.headers.add("Content-Type", "application/json; charset=utf-8");
  std::string body = "{\"error\":\"";
  append_json_text(body, message);
  body += "\"}";
  response.body = std::move(body);
  return response;
}

}  // namespace chartmuseum::http

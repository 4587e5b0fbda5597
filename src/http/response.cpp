// SPDX-License-Identifier: Apache-2.0
#include "http/response.hpp"

#include <boost/beast/http/status.hpp>

#include <algorithm>

namespace chartmuseum::http {

namespace {

/// The length of the well-formed UTF-8 sequence at the front of `text` (RFC 3629, 4); 0 if there
/// is none.
std::size_t utf8_sequence(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto between = [&](std::size_t i, unsigned low, unsigned high) {
    return byte(i) >= low && byte(i) <= high;
  };
  if (byte(0) < 0x80) return 1;
  if (between(0, 0xc2, 0xdf)) return between(1, 0x80, 0xbf) ? 2 : 0;
  if (between(0, 0xe0, 0xef)) {
    const unsigned low = byte(0) == 0xe0 ? 0xa0 : 0x80;
    const unsigned high = byte(0) == 0xed ? 0x9f : 0xbf;
    return between(1, low, high) && between(2, 0x80, 0xbf) ? 3 : 0;
  }
  if (!between(0, 0xf0, 0xf4)) return 0;
  const unsigned low = byte(0) == 0xf0 ? 0x90 : 0x80;
  const unsigned high = byte(0) == 0xf4 ? 0x8f : 0xbf;
  return between(1, low, high) && between(2, 0x80, 0xbf) && between(3, 0x80, 0xbf) ? 4 : 0;
}

/// As Go's encoder does it, which also escapes what a browser could take for markup.
void append_json_text(std::string& out, std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  while (!text.empty()) {
    const std::size_t length = utf8_sequence(text);
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

// SPDX-License-Identifier: Apache-2.0
#include "http/response_head.hpp"

#include "base/http_date.hpp"
#include "http/conditional.hpp"
#include "http/syntax.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace chartmuseum::http {

namespace {

void append_number(std::string& out, std::uint64_t number) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  out += value;
  out += "\r\n";
}

bool is_own_field(std::string_view name) {
  constexpr std::array<std::string_view, 7> kOwn{
      "Date",         "Content-Length",         "Transfer-Encoding",        "Connection",
      "X-Request-Id", "X-Content-Type-Options", "Strict-Transport-Security"};
  return std::ranges::any_of(kOwn,
                             [&](std::string_view own) { return equal_ignoring_case(own, name); });
}

bool breaks_the_line(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

/// Statuses whose responses end with the head (RFC 9110, 6.4.1).
bool never_has_body(unsigned status) {
  return status < 200 || status == 204 || status == 304;
}

Rope slice(const Rope& rope, const ByteRange& range) {
  Rope part;
  std::uint64_t skip = range.first;
  std::uint64_t left = range.length;
  for (const Rope::Piece& piece : rope.pieces()) {
    if (left == 0) break;
    if (skip >= piece.text.size()) {
      skip -= piece.text.size();
      continue;
    }
    const std::string_view text = piece.text.substr(skip, left);
    skip = 0;
    left -= text.size();
    part.append(piece.owner, text);
  }
  return part;
}

void cut_to(Body& body, const ByteRange& range) {
  if (auto* text = std::get_if<std::string>(&body)) {
    *text = text->substr(range.first, range.length);
  } else if (auto* rope = std::get_if<std::shared_ptr<const Rope>>(&body)) {
    *rope = std::make_shared<const Rope>(slice(**rope, range));
  } else if (auto* file = std::get_if<FileRange>(&body)) {
    file->offset += range.first;
    file->length = range.length;
  }
}

void become_not_modified(Response& response) {
  response.status = 304;
  response.body = std::monostate();
  for (const char* name : {"Content-Type", "Content-Encoding", "Content-Language"}) {
    response.headers.remove(name);
  }
}

void become_error(Response& response, unsigned status, std::string_view message) {
  Response error = json_error(status, message);
  error.log = response.log;
  response = std::move(error);
}

void select_part(const Request& request, Response& response) {
  const bool sliceable = !std::holds_alternative<BodyStream>(response.body);
  if (!sliceable) return;
  if (!response.headers.get("Accept-Ranges")) response.headers.add("Accept-Ranges", "bytes");
  if (request.method != Method::get || !request.headers.get("Range")) return;
  const std::uint64_t size = body_length(response.body).value_or(0);
  const auto selected = select_range(request.headers, response.headers, size);
  if (const auto* range = std::get_if<ByteRange>(&selected)) {
    response.status = 206;
    response.headers.set("Content-Range", "bytes " + std::to_string(range->first) + '-' +
                                              std::to_string(range->first + range->length - 1) +
                                              '/' + std::to_string(size));
    cut_to(response.body, *range);
  } else if (std::holds_alternative<Unsatisfiable>(selected)) {
    become_error(response, 416, "range not satisfiable");
    response.headers.set("Content-Range", "bytes */" + std::to_string(size));
  }
}

}  // namespace

std::optional<std::uint64_t> body_length(const Body& body) {
  if (const auto* text = std::get_if<std::string>(&body)) return text->size();
  if (const auto* rope = std::get_if<std::shared_ptr<const Rope>>(&body)) return (*rope)->size();
  if (const auto* file = std::get_if<FileRange>(&body)) return file->length;
  if (const auto* stream = std::get_if<BodyStream>(&body)) return stream->length;
  return 0;
}

void satisfy_conditions(const Request& request, Response& response) {
  if (response.status != 200) return;
  if (request.method != Method::get && request.method != Method::head) return;
  if (!response.headers.get("ETag") && !response.headers.get("Last-Modified")) return;
  switch (evaluate(request.headers, response.headers)) {
    case Precondition::holds:
      return select_part(request, response);
    case Precondition::not_modified:
      return become_not_modified(response);
    case Precondition::failed:
      return become_error(response, 412, "precondition failed");
  }
}

void append_head(std::string& out, const Response& response, const Framing& framing,
                 std::string_view request_id) {
  out += "HTTP/1.1 ";
  append_number(out, response.status);
  out += ' ';
  out += reason(response.status);
  out += "\r\n";
  for (const auto& [name, value] : response.headers.fields()) {
    if (is_own_field(name) || !is_token(name) || breaks_the_line(value)) continue;
    append_field(out, name, value);
  }
  append_field(out, "Date", current_http_date());
  append_field(out, "X-Request-Id", request_id);
  out += "X-Content-Type-Options: nosniff\r\n";
  // A year. Never over plain HTTP (RFC 6797, 7.2).
  if (framing.secure) out += "Strict-Transport-Security: max-age=31536000\r\n";
  if (framing.chunked) {
    append_field(out, "Transfer-Encoding", "chunked");
  } else if (const auto length = body_length(response.body);
             length && !never_has_body(response.status)) {
    out += "Content-Length: ";
    append_number(out, *length);
    out += "\r\n";
  }
  if (!framing.keep_alive) {
    append_field(out, "Connection", "close");
  } else if (!framing.http11) {
    append_field(out, "Connection", "keep-alive");
  }
  out += "\r\n";
}

}  // namespace chartmuseum::http

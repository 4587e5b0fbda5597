// SPDX-License-Identifier: Apache-2.0
#include "http/request_parser.hpp"

#include "http/syntax.hpp"

#include <boost/beast/http/error.hpp>

#include <algorithm>

namespace chartmuseum::http {

namespace beast_http = boost::beast::http;

namespace {

/// A chunk's size line and a trailer must fit; all extensions of a body together too.
constexpr std::size_t kChunkLine = 16384;

std::string_view view(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

Method method_of(beast_http::verb verb) {
  switch (verb) {
    case beast_http::verb::get:
      return Method::get;
    case beast_http::verb::head:
      return Method::head;
    case beast_http::verb::post:
      return Method::post;
    case beast_http::verb::put:
      return Method::put;
    case beast_http::verb::delete_:
      return Method::delete_;
    case beast_http::verb::options:
      return Method::options;
    case beast_http::verb::patch:
      return Method::patch;
    default:
      return Method::other;
  }
}

/// Whether the first line ends as one of HTTP does, of whatever version.
bool names_a_version(std::string_view input) {
  const std::string_view line = input.substr(0, std::min(input.find('\r'), input.size()));
  constexpr std::string_view kName = "HTTP/";
  const std::size_t at = line.rfind(' ');
  if (at == std::string_view::npos || !line.substr(at + 1).starts_with(kName)) return false;
  const std::string_view version = line.substr(at + 1 + kName.size());
  const auto digit = [&](std::size_t i) { return version[i] >= '0' && version[i] <= '9'; };
  return version.size() == 3 && digit(0) && version[1] == '.' && digit(2);
}

/// uri-host [":" port] (RFC 9110, 7.2), by its characters.
bool could_be_host(std::string_view host) {
  return std::ranges::all_of(host, [](char c) {
    return is_token_character(c) || std::string_view(":[]();=,@").contains(c);
  });
}

}  // namespace

RequestParser::RequestParser(Request& request, std::size_t header_bytes)
    : request_(request), header_limit_(header_bytes) {
  header_limit(static_cast<std::uint32_t>(std::min<std::size_t>(header_bytes, UINT32_MAX)));
  body_limit(boost::none);  // whoever reads the body says how much is too much
}

RequestParser::Progress RequestParser::put_step(std::string_view input, std::size_t& used) {
  input_ = input;
  chunk_ = {};
  Error error;
  used = put(boost::asio::const_buffer(input.data(), input.size()), error);
  if (!error) return Progress::ready;
  if (error == beast_http::error::need_more) return Progress::needs_more;
  return refuse(error, input);
}

RequestParser::Progress RequestParser::head(std::string_view input, std::size_t& used) {
  const Progress progress = put_step(input, used);
  header_size_ += used;
  if (progress == Progress::refused) return progress;
  if (progress == Progress::needs_more) {
    if (header_size_ + (input.size() - used) < header_limit_) return progress;
    return refuse_size(input);
  }
  if (header_size_ > header_limit_) return refuse({431, "request header fields too large"});
  head_done_ = true;
  if (const auto refusal = check_head()) return refuse(*refusal);
  if (const auto refusal = check_target()) return refuse(*refusal);
  return progress;
}

RequestParser::Progress RequestParser::body(std::string_view input, std::size_t& used) {
  used = 0;
  chunk_ = {};
  if (is_done()) return Progress::ready;
  if (input.empty()) return Progress::needs_more;
  const Progress progress = put_step(input, used);
  if (progress == Progress::needs_more && input.size() - used >= kChunkLine) {
    return refuse({400, "malformed chunked body"});
  }
  return progress;
}

std::optional<std::uint64_t> RequestParser::length() const {
  if (chunked()) return std::nullopt;
  return content_length().value_or(0);
}

std::optional<std::uint64_t> RequestParser::length_left() const {
  if (chunked()) return std::nullopt;
  return content_length_remaining().value_or(0);
}

RequestParser::Progress RequestParser::refuse(Refusal refusal) {
  refusal_ = refusal;
  return Progress::refused;
}

/// By what is too long: the request line or the fields.
RequestParser::Progress RequestParser::refuse_size(std::string_view input) {
  if (line_done_ || input.find("\r\n") < header_limit_) {
    return refuse({431, "request header fields too large"});
  }
  return refuse({414, "request target too long"});
}

RequestParser::Progress RequestParser::refuse(const Error& error, std::string_view input) {
  using beast_http::error::bad_version;
  if (head_done_) return refuse({400, "malformed chunked body"});
  if (error == beast_http::error::header_limit) return refuse_size(input);
  if (error == bad_version && names_a_version(input)) {
    return refuse({505, "HTTP version not supported"});
  }
  if (error == beast_http::error::bad_content_length ||
      error == beast_http::error::multiple_content_length) {
    return refuse({400, "invalid Content-Length"});
  }
  if (error == beast_http::error::bad_transfer_encoding) {
    return refuse({400, "invalid Transfer-Encoding"});
  }
  return line_done_ ? refuse({400, "malformed header field"})
                    : refuse({400, "malformed request line"});
}

/// What Beast leaves to others.
std::optional<Refusal> RequestParser::check_head() const {
  const Headers& headers = request_.headers;
  const std::size_t hosts = headers.count("Host");
  if (hosts > 1 || (hosts == 0 && http11_)) {
    return Refusal{400, "exactly one Host header field is required"};  // RFC 9112, 3.2
  }
  if (!could_be_host(headers.get("Host").value_or(""))) return Refusal{400, "malformed Host"};
  if (const auto coding = headers.get("Transfer-Encoding")) {
    // RFC 9112, 6.1: HTTP/1.0 knows none, chunked must come last, others are not implemented.
    if (!http11_) return Refusal{400, "invalid Transfer-Encoding"};
    if (!equal_ignoring_case(*coding, "chunked")) {
      if (headers.lists("Transfer-Encoding", "chunked")) {
        return Refusal{400, "invalid Transfer-Encoding"};
      }
      return Refusal{501, "Transfer-Encoding not supported"};
    }
  }
  if (http11_ && headers.get("Expect") && !expects_continue_) {
    return Refusal{417, "expectation not supported"};
  }
  return std::nullopt;
}

std::optional<Refusal> RequestParser::check_target() {
  if (raw_target_ == "*" && request_.method == Method::options) {
    concerns_server_ = true;
    return std::nullopt;
  }
  auto target = Target::parse(raw_target_);
  if (!target) return Refusal{.status = 400, .message = "invalid path", .closes = false};
  request_.target = std::move(*target);
  return std::nullopt;
}

void RequestParser::on_request_impl(beast_http::verb verb, Text method, Text target, int version,
                                    Error&) {
  request_.method = method_of(verb);
  request_.method_name = view(method);
  raw_target_ = view(target);
  http11_ = version == 11;
  line_done_ = true;
}

void RequestParser::on_field_impl(beast_http::field field, Text name, Text value, Error& error) {
  if (head_done_) return;  // a trailer: may be dropped (RFC 9110, 6.5.1)
  // A folded value (RFC 9112, 5.2) lies outside of the input, or behind its first line end.
  const char* const begin = input_.data();
  const char* const end = begin + input_.size();
  const bool inside = value.data() >= begin && value.data() <= end;
  if (!inside || std::find(name.data() + name.size(), value.data(), '\n') != value.data()) {
    error = beast_http::error::bad_value;
    return;
  }
  if (field == beast_http::field::expect && equal_ignoring_case(view(value), "100-continue")) {
    expects_continue_ = http11_;
  }
  request_.headers.add(std::string(view(name)), std::string(view(value)));
}

std::size_t RequestParser::on_body_impl(Text bytes, Error&) {
  chunk_ = view(bytes);
  return bytes.size();
}

void RequestParser::on_chunk_header_impl(std::uint64_t, Text extensions, Error& error) {
  extension_size_ += extensions.size();
  if (extension_size_ > kChunkLine) error = beast_http::error::bad_chunk_extension;
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, Text bytes, Error&) {
  chunk_ = view(bytes);
  return bytes.size();
}

}  // namespace chartmuseum::http

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/request.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::http {

/// Why a request is not answered by the handler.
struct Refusal {
  unsigned status = 400;
  std::string_view message;  // static
  bool closes = true;        // what follows cannot be told apart; false: the connection may stay
  bool operator==(const Refusal&) const = default;
};

/// Beast's incremental parser, filling a Request and stricter where leniency is how requests get
/// smuggled past proxies (RFC 9112, 11.2). Parses one request: head by head(), body by body().
class RequestParser final : private boost::beast::http::basic_parser<true> {
 public:
  /// `request` is filled while the head is parsed; it must outlive the parser.
  RequestParser(Request& request, std::size_t header_bytes);

  enum class Progress { needs_more, ready, refused };

  /// Parses from the front of `input`; `used` is how much of it is done with.
  [[nodiscard]] Progress head(std::string_view input, std::size_t& used);
  /// After head() said ready; makes one step. With `ready`, chunk() is the next of the body
  /// (within `input`), or complete() holds.
  [[nodiscard]] Progress body(std::string_view input, std::size_t& used);

  /// After `refused`.
  [[nodiscard]] const Refusal& refusal() const { return refusal_; }

  // After the head:
  [[nodiscard]] std::string_view raw_target() const { return raw_target_; }
  [[nodiscard]] bool http11() const { return http11_; }
  /// "OPTIONS *" is about the server itself (RFC 9110, 9.3.7); the target means nothing.
  [[nodiscard]] bool concerns_server() const { return concerns_server_; }
  /// Whether the client wants the connection to stay open.
  [[nodiscard]] bool keeps_alive() const { return keep_alive(); }
  [[nodiscard]] bool expects_continue() const { return expects_continue_; }
  /// Of the whole body; nothing if it is chunked.
  [[nodiscard]] std::optional<std::uint64_t> length() const;
  /// What is still to come of it.
  [[nodiscard]] std::optional<std::uint64_t> length_left() const;
  [[nodiscard]] bool complete() const { return is_done(); }
  [[nodiscard]] std::string_view chunk() const { return chunk_; }

 private:
  using Error = boost::system::error_code;
  using Text = boost::beast::string_view;

  Progress put_step(std::string_view input, std::size_t& used);
  Progress refuse(Refusal refusal);
  Progress refuse_size(std::string_view input);
  Progress refuse(const Error& error, std::string_view input);
  [[nodiscard]] std::optional<Refusal> check_head() const;
  [[nodiscard]] std::optional<Refusal> check_target();

  void on_request_impl(boost::beast::http::verb verb, Text method, Text target, int version,
                       Error& error) override;
  void on_response_impl(int, Text, int, Error&) override {}
  void on_field_impl(boost::beast::http::field, Text name, Text value, Error& error) override;
  void on_header_impl(Error&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, Error&) override {}
  std::size_t on_body_impl(Text bytes, Error&) override;
  void on_chunk_header_impl(std::uint64_t size, Text extensions, Error& error) override;
  std::size_t on_chunk_body_impl(std::uint64_t remain, Text bytes, Error&) override;
  void on_finish_impl(Error&) override {}

  Request& request_;
  std::size_t header_limit_;
  std::size_t header_size_ = 0;     // bytes of the head so far
  std::size_t extension_size_ = 0;  // bytes of chunk extensions so far
  std::string raw_target_;
  std::string_view input_;  // of the step under way
  std::string_view chunk_;
  Refusal refusal_;
  bool http11_ = true;
  bool line_done_ = false;  // the request line is parsed
  bool head_done_ = false;
  bool expects_continue_ = false;
  bool concerns_server_ = false;
};

}  // namespace chartmuseum::http

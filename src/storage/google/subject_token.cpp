// SPDX-License-Identifier: Apache-2.0
#include "storage/google/subject_token.hpp"

#include "encoding/json_text.hpp"
#include "storage/google/token_request.hpp"
#include "storage/remote/small_file.hpp"
#include "transport/url.hpp"

#include <utility>

namespace chartmuseum::storage::google {

namespace {

namespace json = boost::json;
using encoding::string_member;

constexpr std::size_t kLongestToken = 64UL * 1024;

std::expected<std::vector<transport::Header>, std::string> read_headers(const json::value& value) {
  std::vector<transport::Header> headers;
  if (!value.is_object()) return std::unexpected("its \"headers\" are no object");
  for (const auto& member : value.get_object()) {
    if (!member.value().is_string()) return std::unexpected("its \"headers\" are no texts");
    transport::Header header{std::string(member.key()), std::string(member.value().get_string())};
    if (!transport::is_sendable(header)) return std::unexpected("its \"headers\" cannot be sent");
    headers.push_back(std::move(header));
  }
  return headers;
}

std::expected<std::optional<std::string>, std::string> read_format(const json::object& source) {
  const json::value* const format = source.if_contains("format");
  if (format == nullptr) return std::nullopt;
  if (!format->is_object()) return std::unexpected("its \"format\" is no object");
  const auto type = string_member(format->get_object(), "type").value_or("text");
  if (type == "text") return std::nullopt;
  const auto member = string_member(format->get_object(), "subject_token_field_name");
  if (type != "json" || !member) {
    return std::unexpected(
        "its \"format\" is neither \"text\" nor \"json\" with a \"subject_token_field_name\"");
  }
  return std::string(*member);
}

std::string without_line_end(std::string text) {
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  return text;
}

Result<std::string> token_from(const std::string& text, const SubjectTokenSource& source) {
  const std::string where = source.file.empty() ? transport::redacted(source.url) : source.file;
  std::string token = without_line_end(text);
  if (source.member) {
    const auto document = encoding::read_json_object(text);
    const auto member = document ? string_member(*document, *source.member) : std::nullopt;
    token = member.value_or("");
  }
  if (!token.empty()) return token;
  return std::unexpected(Failure{FailureKind::denied, "there is no token in " + where});
}

}  // namespace

std::expected<SubjectTokenSource, std::string> read_subject_token_source(
    const json::object& source) {
  if (source.contains("environment_id")) {
    return std::unexpected("identities of AWS are not supported; use a file or a URL");
  }
  SubjectTokenSource read;
  read.file = string_member(source, "file").value_or("");
  read.url = string_member(source, "url").value_or("");
  if (read.file.empty() == read.url.empty()) {
    return std::unexpected(
        "its \"credential_source\" is neither a \"file\" nor a \"url\"; others are not supported");
  }
  if (const json::value* const headers = source.if_contains("headers")) {
    auto read_ones = read_headers(*headers);
    if (!read_ones) return std::unexpected(std::move(read_ones.error()));
    read.headers = std::move(*read_ones);
  }
  auto member = read_format(source);
  if (!member) return std::unexpected(std::move(member.error()));
  read.member = std::move(*member);
  return read;
}

Task<Result<std::string>> fetch_subject_token(SubjectTokenSource source,
                                              std::shared_ptr<transport::Client> client) {
  if (!source.file.empty()) {
    const auto text = read_small_file(source.file, kLongestToken);
    if (!text) {
      co_return std::unexpected(
          Failure{FailureKind::denied, "the token of the identity provider: " + text.error()});
    }
    co_return token_from(*text, source);
  }
  transport::Request request;
  request.url = source.url;
  for (const transport::Header& header : source.headers) {
    request.headers.set(header.name, header.value);
  }
  Task<Result<transport::Response>> asking = ask_for_token(std::move(client), std::move(request));
  auto answer = co_await std::move(asking);
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  if (answer->status != 200) {
    co_return std::unexpected(token_refusal(*answer, transport::redacted(source.url)));
  }
  co_return token_from(answer->body, source);
}

}  // namespace chartmuseum::storage::google

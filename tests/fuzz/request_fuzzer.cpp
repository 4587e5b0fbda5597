// SPDX-License-Identifier: Apache-2.0
// A request must be framed the same way however its bytes are cut: where one reader sees one
// request and another sees two, requests can be smuggled.
#include "http/request_parser.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using chartmuseum::http::Request;
using chartmuseum::http::RequestParser;
using Progress = RequestParser::Progress;

struct Outcome {
  bool complete = false;
  std::string body;
  std::string path;
  std::size_t fields = 0;
  std::size_t used = 0;
  bool operator==(const Outcome&) const = default;
};

Outcome parse(std::string_view text, std::size_t step) {
  Request request;
  RequestParser parser(request, 1024);
  Outcome outcome;
  bool head = true;
  for (std::size_t arrived = std::min(step, text.size());;) {
    const std::string bytes(text.substr(outcome.used, arrived - outcome.used));
    std::size_t used = 0;
    const Progress progress = head ? parser.head(bytes, used) : parser.body(bytes, used);
    if (used > bytes.size()) std::abort();
    outcome.used += used;
    if (progress == Progress::refused) return {};
    if (progress == Progress::ready && !head) outcome.body += parser.chunk();
    if (progress == Progress::ready) head = false;
    if (!head && parser.complete()) break;
    if (progress != Progress::needs_more) continue;
    if (arrived == text.size()) return {};
    arrived += std::min(step, text.size() - arrived);
  }
  outcome.complete = true;
  outcome.path = request.target.path();
  outcome.fields = request.headers.fields().size();
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t step = data[0] % 32U + 1;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  if (parse(text, SIZE_MAX) != parse(text, step)) std::abort();
  return 0;
}

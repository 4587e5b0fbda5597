// SPDX-License-Identifier: Apache-2.0
// The multipart parser must find the same parts however its input is cut, and hand out no byte
// that it was not given.
#include "http/header_parameters.hpp"
#include "http/multipart.hpp"
#include "http/multipart_parser.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using chartmuseum::http::Headers;
using chartmuseum::http::MultipartParser;
using chartmuseum::http::MultipartSink;

class Parts final : public MultipartSink {
 public:
  bool part(const Headers& headers) override {
    for (const auto& [name, value] : headers.fields()) {
      text += name + ':' + value + ';';
      static_cast<void>(chartmuseum::http::parse_parameters(value));
    }
    text += '|';
    return true;
  }
  bool content(std::string_view bytes) override {
    text += bytes;
    size += bytes.size();
    return true;
  }

  std::string text;
  std::size_t size = 0;
};

struct Outcome {
  MultipartParser::Progress progress;
  std::string text;
  bool operator==(const Outcome&) const = default;
};

Outcome parse(std::string_view body, std::size_t step) {
  MultipartParser parser("b", {.parts = 50, .header_bytes = 200});
  Parts parts;
  auto progress = MultipartParser::Progress::needs_more;
  for (std::string_view rest = body;
       !rest.empty() && progress == MultipartParser::Progress::needs_more;) {
    const std::string piece(rest.substr(0, step));  // of its own: a sanitizer sees its borders
    progress = parser.feed(piece, parts);
    rest.remove_prefix(piece.size());
  }
  if (progress == MultipartParser::Progress::needs_more) progress = parser.finish(parts);
  if (parts.size > body.size()) std::abort();
  return {progress, parts.text};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t step = data[0] % 16U + 1;
  const std::string_view body = text.substr(1);
  const Outcome whole = parse(body, SIZE_MAX);
  const Outcome cut = parse(body, step);
  if (whole.progress != cut.progress) std::abort();
  if (whole.progress == MultipartParser::Progress::done && whole != cut) std::abort();
  static_cast<void>(chartmuseum::http::form_boundary(body));
  return 0;
}

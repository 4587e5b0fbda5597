// SPDX-License-Identifier: Apache-2.0
// An expression and, behind a zero byte, a JSON document: searching ends within its limits, and a
// placeholder that is bound to its own name changes nothing.
#include "jmespath/expression.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

namespace jmespath = chartmuseum::jmespath;
namespace json = boost::json;

void require(bool holds) {
  if (!holds) std::abort();
}

json::value parse(std::string_view text) {
  json::error_code error;
  json::parse_options options;
  options.max_depth = 1'000;  // deeper than a search goes
  json::value document =
      json::parse(json::string_view(text.data(), text.size()), error, {}, options);
  return error ? json::value(json::string_view("no JSON")) : document;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = input.find('\0');
  const std::string_view text = input.substr(0, end);
  const json::value document = parse(end == std::string_view::npos ? "{}" : input.substr(end + 1));

  static constexpr std::string_view names[] = {"$NAMESPACE", "a"};
  const auto plain = jmespath::Expression::compile(text);
  const auto open = jmespath::Expression::compile(text, names);
  require(plain.has_value() == open.has_value());
  if (!plain) {
    require(plain.error().offset <= text.size() && !plain.error().message.empty());
    return 0;
  }

  jmespath::SearchLimits limits;
  limits.steps = 200'000;
  limits.created_bytes = 4ULL * 1024 * 1024;
  const auto found = plain->search(document, {}, limits);
  if (!found) {
    require(!found.error().message.empty());
    return 0;
  }
  require(json::serialize(*found).size() <= 64ULL * 1024 * 1024);

  const jmespath::Binding unchanged[] = {{"$NAMESPACE", "$NAMESPACE"}, {"a", "a"}};
  const auto same = open->search(document, unchanged);
  require(same && json::serialize(*same) == json::serialize(*found));
  const jmespath::Binding hostile[] = {{"$NAMESPACE", "' || `true` || '"}, {"a", "\"]\\"}};
  static_cast<void>(open->search(document, hostile, limits));
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
#include "http/multipart.hpp"

#include "http/header_parameters.hpp"
#include "http/multipart_parser.hpp"

#include <algorithm>

namespace chartmuseum::http {

namespace {

/// Whether anything is left of it without folders: some clients send the path of the file.
bool names_a_file(std::string_view path) {
  return path.find_first_not_of('/') != std::string_view::npos;
}

/// Keeps the wanted parts.
class FormCollector final : public MultipartSink {
 public:
  FormCollector(std::vector<std::string> wanted, SpoolMemory memory)
      : wanted_(std::move(wanted)), memory_(std::move(memory)) {}

  bool part(const Headers& headers) override {
    keeping_ = false;
    const auto field = headers.get("Content-Disposition");
    const auto disposition = field ? parse_parameters(*field) : std::nullopt;
    if (!disposition || disposition->value != "form-data") return true;
    const std::string name(disposition->get("name").value_or(""));
    if (!names_a_file(disposition->get("filename").value_or(""))) return true;
    if (std::ranges::find(wanted_, name) == wanted_.end()) return true;
    if (std::ranges::find(parts_, name, &FormPart::name) != parts_.end()) return true;
    parts_.push_back({name, Spool(memory_left())});
    keeping_ = true;
    return true;
  }

  bool content(std::string_view bytes) override {
    return !keeping_ || parts_.back().content.append(bytes);
  }

  std::vector<FormPart> take() { return std::move(parts_); }

 private:
  [[nodiscard]] SpoolMemory memory_left() const {
    SpoolMemory left = memory_;
    for (const FormPart& part : parts_) {
      if (part.content.in_memory()) left.own -= std::min(left.own, part.content.size());
    }
    return left;
  }

  std::vector<std::string> wanted_;
  SpoolMemory memory_;
  std::vector<FormPart> parts_;
  bool keeping_ = false;
};

}  // namespace

std::optional<std::string> form_boundary(std::string_view content_type) {
  const auto type = parse_parameters(content_type);
  if (!type || type->value != "multipart/form-data") return std::nullopt;
  const auto boundary = type->get("boundary");
  if (!boundary || boundary->empty() || boundary->size() > 70 || boundary->ends_with(' ')) {
    return std::nullopt;
  }
  if (!std::ranges::all_of(*boundary, [](char c) { return c >= ' ' && c <= '~'; })) {
    return std::nullopt;
  }
  return std::string(*boundary);
}

Task<std::expected<std::vector<FormPart>, BodyFailure>> read_form(RequestBody& body,
                                                                  std::string boundary,
                                                                  std::vector<std::string> wanted,
                                                                  FormLimits limits) {
  FormCollector collector(std::move(wanted), limits.memory);
  MultipartParser parser(boundary, {.parts = limits.parts, .header_bytes = limits.header_bytes});
  using Progress = MultipartParser::Progress;
  Progress progress = Progress::needs_more;
  while (progress == Progress::needs_more) {
    const auto bytes = co_await body.next(limits.size);
    if (!bytes) co_return std::unexpected(bytes.error());
    progress = bytes->empty() ? parser.finish(collector) : parser.feed(*bytes, collector);
  }
  if (progress == Progress::stopped) co_return std::unexpected(BodyFailure::no_space);
  if (progress == Progress::malformed) co_return std::unexpected(BodyFailure::malformed);
  co_return collector.take();
}

}  // namespace chartmuseum::http

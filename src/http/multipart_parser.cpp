// SPDX-License-Identifier: Apache-2.0
#include "http/multipart_parser.hpp"

#include "http/syntax.hpp"

#include <algorithm>
#include <optional>

namespace chartmuseum::http {

namespace {

/// Spaces that may follow a boundary on its line; more is no boundary line.
constexpr std::size_t kPadding = 256;

std::string_view skip_padding(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
}

/// Whether what follows a boundary's text makes it one; nothing if more must be seen.
std::optional<bool> ends_boundary(std::string_view after, bool at_end) {
  if (after.empty()) return at_end ? std::optional(true) : std::nullopt;
  if (after.front() != '-') return std::string_view(" \t\r\n").contains(after.front());
  if (after.size() == 1) return at_end ? std::optional(false) : std::nullopt;
  return after[1] == '-';
}

}  // namespace

MultipartParser::MultipartParser(std::string_view boundary, Limits limits)
    : dash_boundary_("--" + std::string(boundary)), limits_(limits) {}

MultipartParser::Progress MultipartParser::feed(std::string_view bytes, MultipartSink& sink) {
  buffer_.erase(0, std::exchange(begin_, 0));
  buffer_ += bytes;
  return run(sink);
}

MultipartParser::Progress MultipartParser::finish(MultipartSink& sink) {
  at_end_ = true;
  if (run(sink) == Progress::needs_more) end(Progress::malformed);
  return result_;
}

MultipartParser::Progress MultipartParser::run(MultipartSink& sink) {
  Step step = Step::forward;
  while (step == Step::forward && state_ != State::ended) {
    switch (state_) {
      case State::preamble:
        step = preamble();
        break;
      case State::delimiter:
        step = delimiter();
        break;
      case State::header:
        step = header(sink);
        break;
      case State::content:
        step = content(sink);
        break;
      case State::ended:
        break;
    }
  }
  return result_;
}

MultipartParser::Step MultipartParser::end(Progress result) {
  state_ = State::ended;
  result_ = result;
  buffer_.clear();
  begin_ = 0;
  return Step::wait;
}

/// Skips lines up to the first that is a boundary.
MultipartParser::Step MultipartParser::preamble() {
  const std::size_t feed = rest().find('\n');
  if (feed == std::string_view::npos && !at_end_) {
    if (!line_start_ || rest().size() > dash_boundary_.size() + kPadding) {
      line_start_ = false;
      begin_ = buffer_.size();
    }
    return Step::wait;
  }
  const std::string_view line = rest().substr(0, feed == std::string_view::npos ? feed : feed + 1);
  const bool padded = line.size() > dash_boundary_.size() + kPadding;
  if (line_start_ && !padded && line.starts_with(dash_boundary_)) {
    const std::string_view after = line.substr(dash_boundary_.size());
    const std::string_view ending = skip_padding(after.starts_with("--") ? after.substr(2) : after);
    const bool line_ends = ending == "\n" || ending == "\r\n";
    if (line_ends || (ending.empty() && after.starts_with("--"))) {
      if (line_ends) newline_ = ending;
      begin_ += dash_boundary_.size();
      state_ = State::delimiter;
      return Step::forward;
    }
  }
  begin_ += line.size();
  line_start_ = true;
  return rest().empty() ? Step::wait : Step::forward;
}

/// The rest of a boundary's line.
MultipartParser::Step MultipartParser::delimiter() {
  const std::size_t feed = rest().find('\n');
  if (feed == std::string_view::npos && !at_end_) {
    return rest().size() > kPadding ? end(Progress::malformed) : Step::wait;
  }
  const std::string_view line = rest().substr(0, feed == std::string_view::npos ? feed : feed + 1);
  if (line.size() > kPadding) return end(Progress::malformed);
  const bool final = line.starts_with("--");
  const std::string_view ending = skip_padding(final ? line.substr(2) : line);
  if (final) {
    const bool well = ending.empty() || ending == "\n" || ending == "\r\n";
    return end(well ? Progress::done : Progress::malformed);
  }
  if (ending != newline_) return end(Progress::malformed);
  begin_ += line.size();
  return begin_part();
}

MultipartParser::Step MultipartParser::begin_part() {
  if (++parts_ > limits_.parts) return end(Progress::malformed);
  headers_.clear();
  header_bytes_ = 0;
  state_ = State::header;
  return Step::forward;
}

MultipartParser::Step MultipartParser::header(MultipartSink& sink) {
  const std::size_t feed = rest().find('\n');
  const std::size_t length = feed == std::string_view::npos ? rest().size() : feed + 1;
  if (header_bytes_ + length > limits_.header_bytes) return end(Progress::malformed);
  if (feed == std::string_view::npos) return Step::wait;
  header_bytes_ += length;
  std::string_view line = rest().substr(0, feed);
  if (line.ends_with('\r')) line.remove_suffix(1);
  begin_ += length;

  const bool continues = line.starts_with(' ') || line.starts_with('\t');
  if (continues) {
    if (folded_name_.empty()) return end(Progress::malformed);
    folded_value_ += ' ';
    folded_value_ += trim(line);
    return Step::forward;
  }
  if (!folded_name_.empty()) {
    headers_.add(std::move(folded_name_), std::move(folded_value_));
    folded_name_.clear();
  }
  if (!line.empty()) {
    return add_header_line(line) ? Step::forward : end(Progress::malformed);
  }
  state_ = State::content;
  content_start_ = true;
  return sink.part(headers_) ? Step::forward : end(Progress::stopped);
}

bool MultipartParser::add_header_line(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return false;
  folded_name_ = line.substr(0, colon);
  folded_value_ = trim(line.substr(colon + 1));
  return true;
}

bool MultipartParser::emit(std::string_view bytes, MultipartSink& sink) {
  if (bytes.empty()) return true;
  content_start_ = false;
  begin_ += bytes.size();
  return sink.content(bytes);
}

MultipartParser::Step MultipartParser::content(MultipartSink& sink) {
  if (content_start_) {
    // A boundary right after the header: an empty part whose line end is missing.
    const std::string_view front = rest().substr(0, dash_boundary_.size());
    if (front == dash_boundary_) {
      const auto boundary = ends_boundary(rest().substr(front.size()), at_end_);
      if (!boundary) return Step::wait;
      if (*boundary) {
        begin_ += front.size();
        state_ = State::delimiter;
        return Step::forward;
      }
    } else if (std::string_view(dash_boundary_).starts_with(front) && !at_end_) {
      return Step::wait;
    }
  }

  const std::string wanted = newline_ + dash_boundary_;
  const std::size_t found = rest().find(wanted);
  if (found == std::string_view::npos) {
    // The end may be the beginning of a delimiter.
    const std::size_t kept = at_end_ ? 0 : std::min(rest().size(), wanted.size() - 1);
    const bool going = emit(rest().substr(0, rest().size() - kept), sink);
    return going ? Step::wait : end(Progress::stopped);
  }
  if (!emit(rest().substr(0, found), sink)) return end(Progress::stopped);
  const auto boundary = ends_boundary(rest().substr(wanted.size()), at_end_);
  if (!boundary) return Step::wait;
  if (*boundary) {
    begin_ += wanted.size();
    state_ = State::delimiter;
    return Step::forward;
  }
  // Go on behind what only looked like one.
  return emit(rest().substr(0, wanted.size()), sink) ? Step::forward : end(Progress::stopped);
}

}  // namespace chartmuseum::http

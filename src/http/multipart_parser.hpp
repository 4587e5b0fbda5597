// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/headers.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace chartmuseum::http {

/// Takes the parts of a multipart body (RFC 2046, 5.1.1) as they are recognised.
class MultipartSink {
 public:
  virtual ~MultipartSink() = default;
  /// A part begins; its content follows. False stops the parser.
  virtual bool part(const Headers& headers) = 0;
  /// The next bytes of the part that began last. False stops the parser.
  virtual bool content(std::string_view bytes) = 0;
};

/// Takes a multipart body apart while it arrives, in pieces of any size. Pure: no I/O. Holds at
/// most one header block or one delimiter line of what it was fed. What it takes for a boundary
/// is what Go's mime/multipart does: padding after it, a body with bare line feeds if the first
/// boundary line ends with one, and an empty part without its line end.
class MultipartParser {
 public:
  struct Limits {
    std::size_t parts = 1000;
    std::size_t header_bytes = 16384;  // of one part
  };
  enum class Progress {
    needs_more,
    done,       // the final boundary was seen; what follows means nothing
    malformed,  // or over a limit
    stopped,    // by the sink
  };

  MultipartParser(std::string_view boundary, Limits limits);

  [[nodiscard]] Progress feed(std::string_view bytes, MultipartSink& sink);
  /// There is no more: done, or malformed if the final boundary is missing.
  [[nodiscard]] Progress finish(MultipartSink& sink);

 private:
  enum class State { preamble, delimiter, header, content, ended };
  enum class Step { forward, wait };

  Progress run(MultipartSink& sink);
  Step preamble();
  Step delimiter();
  Step header(MultipartSink& sink);
  Step content(MultipartSink& sink);
  Step end(Progress result);
  Step begin_part();
  bool add_header_line(std::string_view line);
  [[nodiscard]] bool emit(std::string_view bytes, MultipartSink& sink);
  [[nodiscard]] std::string_view rest() const { return std::string_view(buffer_).substr(begin_); }

  std::string dash_boundary_;     // "--" and the boundary
  std::string newline_ = "\r\n";  // or "\n", see above
  Limits limits_;
  State state_ = State::preamble;
  Progress result_ = Progress::needs_more;
  std::string buffer_;  // fed, not yet dealt with from begin_ on
  std::size_t begin_ = 0;
  bool at_end_ = false;         // finish() was called
  bool line_start_ = true;      // in the preamble
  bool content_start_ = false;  // no byte of this content yet
  std::size_t parts_ = 0;
  std::size_t header_bytes_ = 0;            // of this part
  std::string folded_name_, folded_value_;  // a header field whose next line may continue it
  Headers headers_;
};

}  // namespace chartmuseum::http

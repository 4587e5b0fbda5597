// SPDX-License-Identifier: Apache-2.0
#include "http/response_writer.hpp"

#include <climits>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <span>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <utility>

namespace chartmuseum::http {

namespace {

/// After so many bytes to a client that takes them at once, other connections have a turn.
constexpr std::size_t kTurn = 2U << 20;

constexpr std::size_t kSendfileMost = 1U << 20;

}  // namespace

/// Head, text, rope and tail, in this order, and how far they are sent.
struct ResponseWriter::Gather {
  std::string_view head;
  std::string_view text;
  std::span<const Rope::Piece> pieces;
  std::string_view tail;
  std::size_t sent_of_piece = 0;  // of pieces.front()

  [[nodiscard]] bool done() const {
    return head.empty() && text.empty() && pieces.empty() && tail.empty();
  }

  std::size_t fill(std::span<iovec> vectors) const {
    std::size_t count = 0;
    const auto add = [&](std::string_view bytes) {
      if (bytes.empty() || count == vectors.size()) return;
      vectors[count++] = {const_cast<char*>(bytes.data()), bytes.size()};  // sendmsg only reads
    };
    add(head);
    add(text);
    const std::size_t first = count;
    for (const Rope::Piece& piece : pieces) {
      if (count == vectors.size()) break;
      add(piece.text.substr(count == first ? sent_of_piece : 0));
    }
    add(tail);
    return count;
  }

  void advance(std::size_t size) {
    for (std::string_view* part : {&head, &text}) {
      const std::size_t taken = std::min(size, part->size());
      part->remove_prefix(taken);
      size -= taken;
    }
    while (!pieces.empty() && size >= pieces.front().text.size() - sent_of_piece) {
      size -= pieces.front().text.size() - std::exchange(sent_of_piece, 0);
      pieces = pieces.subspan(1);
    }
    if (pieces.empty()) {
      tail.remove_prefix(size);
    } else {
      sent_of_piece += size;
    }
  }

  /// One system call; what it returned.
  [[nodiscard]] ssize_t send(int descriptor, int flags) const {
    std::array<iovec, IOV_MAX> vectors;  // 16 KiB of stack, not of the coroutine's frame
    msghdr message{};
    message.msg_iov = vectors.data();
    message.msg_iovlen = fill(vectors);
    return ::sendmsg(descriptor, &message, flags | MSG_NOSIGNAL);
  }

  /// One record, with errno as send(2) has it. Small parts are put together: each record costs its
  /// own encryption and system call.
  [[nodiscard]] ssize_t send(TlsStream& tls) const {
    std::array<char, TlsStream::kRecord> record;
    std::size_t size = 0;
    const auto add = [&](std::string_view part) {
      size += part.copy(record.data() + size, record.size() - size);
    };
    if (head.empty() && text.size() >= record.size()) return tls.write(text);
    add(head);
    add(text);
    std::size_t skip = sent_of_piece;
    for (const Rope::Piece& piece : pieces) {
      const std::string_view part = piece.text.substr(std::exchange(skip, 0));
      if (size == 0 && part.size() >= record.size()) return tls.write(part);
      if (size == record.size()) break;
      add(part);
    }
    add(tail);
    return tls.write({record.data(), size});
  }
};

namespace {

/// As sendfile(2).
ssize_t send_encrypted(TlsStream& tls, const FileDescriptor& file, off_t& offset,
                       std::size_t most) {
  const ssize_t sent = tls.send_file(file.get(), offset, most);
  if (sent > 0) offset += sent;
  return sent;
}

}  // namespace

Task<Io> ResponseWriter::pause(bool blocked) {
  if (!blocked && since_turn_ < kTurn) co_return Io::ok;
  since_turn_ = 0;
  if (blocked) co_return co_await connection_.wait_writable(deadline_);
  co_await connection_.yield();
  co_return Connection::Clock::now() < deadline_ ? Io::ok : Io::timed_out;
}

Task<Io> ResponseWriter::send_gather(Gather gather, More more) {
  const int flags = more == More::follows ? MSG_MORE : 0;
  while (!gather.done()) {
    const ssize_t sent = connection_.tls() != nullptr
                             ? gather.send(*connection_.tls())
                             : gather.send(connection_.descriptor(), flags);
    if (sent >= 0) {
      gather.advance(static_cast<std::size_t>(sent));
      since_turn_ += static_cast<std::size_t>(sent);
    } else if (errno != EAGAIN && errno != EINTR) {
      co_return Io::failed;
    }
    const bool blocked = sent < 0 && errno == EAGAIN;
    if (!blocked && since_turn_ < kTurn) continue;
    const Io paused = co_await pause(blocked);
    if (paused != Io::ok) co_return paused;
  }
  co_return Io::ok;
}

Task<Io> ResponseWriter::send_file(const FileRange& range) {
  auto offset = static_cast<off_t>(range.offset);
  std::uint64_t left = range.length;
  while (left > 0) {
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(left, kSendfileMost));
    const ssize_t sent =
        connection_.tls() != nullptr
            ? send_encrypted(*connection_.tls(), *range.file, offset, most)
            : ::sendfile(connection_.descriptor(), range.file->get(), &offset, most);
    if (sent == 0) co_return Io::failed;  // the file became shorter
    if (sent > 0) {
      left -= static_cast<std::uint64_t>(sent);
      since_turn_ += static_cast<std::size_t>(sent);
    } else if (errno != EAGAIN && errno != EINTR) {
      co_return Io::failed;
    }
    const bool blocked = sent < 0 && errno == EAGAIN;
    if (!blocked && since_turn_ < kTurn) continue;
    const Io paused = co_await pause(blocked);
    if (paused != Io::ok) co_return paused;
  }
  co_return Io::ok;
}

Task<Io> ResponseWriter::send(std::string_view head, const Body& body) {
  Gather gather{.head = head, .text = {}, .pieces = {}, .tail = {}};
  if (const auto* text = std::get_if<std::string>(&body)) gather.text = *text;
  if (const auto* rope = std::get_if<std::shared_ptr<const Rope>>(&body)) {
    gather.pieces = (*rope)->pieces();
  }
  const auto* file = std::get_if<FileRange>(&body);
  const bool file_follows = file != nullptr && file->length > 0;
  const Io sent = co_await send_gather(gather, file_follows ? More::follows : More::nothing);
  if (sent != Io::ok || !file_follows) co_return sent;
  co_return co_await send_file(*file);
}

Task<Io> ResponseWriter::send_stream(std::string_view head, const BodyStream& stream,
                                     std::string first, bool chunked) {
  std::string piece = std::move(first);
  std::uint64_t total = 0;
  for (;;) {
    total += piece.size();
    if (stream.length && total > *stream.length) co_return Io::failed;
    const bool last = piece.empty();
    std::array<char, 24> size{};
    Gather gather{.head = head, .text = {}, .pieces = {}, .tail = {}};
    std::string framed(head);
    if (chunked) {
      const int length = std::snprintf(size.data(), size.size(), "%zx\r\n", piece.size());
      framed.append(size.data(), static_cast<std::size_t>(length));
      gather.tail = "\r\n";  // ends the chunk, or the (empty) trailer
    }
    gather.head = framed;
    gather.text = piece;
    const Io sent = co_await send_gather(gather, More::nothing);
    if (sent != Io::ok) co_return sent;
    if (last) co_return !stream.length || total == *stream.length ? Io::ok : Io::failed;
    head = {};
    auto next = co_await stream.source->next();
    if (!next) co_return Io::failed;
    piece = std::move(*next);
  }
}

}  // namespace chartmuseum::http

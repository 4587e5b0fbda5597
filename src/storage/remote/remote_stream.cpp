// SPDX-License-Identifier: Apache-2.0
#include "storage/remote/remote_stream.hpp"

#include <limits>
#include <utility>

namespace chartmuseum::storage {

namespace {

bool may_go_on(transport::FailureKind kind) {
  return kind == transport::FailureKind::broken || kind == transport::FailureKind::timed_out;
}

/// Whether `head` is the answer to a request for the bytes from `offset` on.
bool begins_at(const transport::Response& head, std::uint64_t offset) {
  const auto range = head.headers.get("content-range");
  return head.status == 206 && range && range->starts_with("bytes " + std::to_string(offset) + "-");
}

}  // namespace

RemoteStream::RemoteStream(std::shared_ptr<Caller> caller, std::shared_ptr<Protocol> protocol,
                           std::string key, OpenedResponse opened, std::uint64_t size)
    : caller_(std::move(caller)),
      protocol_(std::move(protocol)),
      key_(std::move(key)),
      size_(size),
      head_(std::move(opened.head)),
      check_(protocol_->body_check(head_)),
      body_(std::move(opened.body)) {}

Task<Result<std::string>> RemoteStream::next() {
  for (;;) {
    Task<transport::Result<std::string>> reading = body_->next();
    auto piece = co_await std::move(reading);
    if (piece) {
      if (!piece->empty()) {
        read_ += piece->size();
        if (read_ > size_) co_return broken("it has more bytes than it was said to have");
        if (check_) check_->add(*piece);
        // Before the last piece goes out: with it whoever reads has a body that looks whole.
        if (check_ && read_ == size_ && !std::exchange(check_, nullptr)->intact()) {
          co_return broken("its bytes are not what was stored");
        }
        co_return std::move(*piece);
      }
      if (read_ == size_) {  // nothing has come of an empty one
        if (check_ && !check_->intact()) co_return broken("its bytes are not what was stored");
        co_return std::string();
      }
      // Some servers end a body that breaks off as if it were whole.
    } else if (!may_go_on(piece.error().kind)) {
      co_return std::unexpected(failure_of(std::move(piece.error())));
    }
    if (repairs_left_ == 0) co_return broken("the connection broke again and again");
    --repairs_left_;
    Task<Result<void>> going_on = read_on();
    auto done = co_await std::move(going_on);
    if (!done) co_return std::unexpected(std::move(done.error()));
  }
}

Task<Result<void>> RemoteStream::read_on() {
  body_.reset();
  transport::Request request = protocol_->read_on(key_, head_, read_);
  request.response_limit = std::numeric_limits<std::uint64_t>::max();  // none of it is kept
  Task<Result<OpenedResponse>> opening = caller_->open(std::move(request));
  auto opened = co_await std::move(opening);
  if (!opened) co_return std::unexpected(std::move(opened.error()));
  if (!opened->body || !begins_at(opened->head, read_)) {
    co_return broken("the connection broke, and the rest cannot be had: status " +
                     std::to_string(opened->head.status));
  }
  body_ = std::move(opened->body);
  co_return Result<void>();
}

std::unexpected<Failure> RemoteStream::broken(const std::string& reason) const {
  return std::unexpected(Failure{FailureKind::unavailable, "reading " + key_ + ": " + reason});
}

}  // namespace chartmuseum::storage

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/object_store.hpp"
#include "storage/remote/caller.hpp"
#include "storage/remote/protocol.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace chartmuseum::storage {

/// An object on its way from a service. If the connection breaks, it goes on from where it was, as
/// long as the object is still the same. It ends well only if all bytes came, and they are right as
/// far as the service's answer tells.
class RemoteStream final : public ObjectStream {
 public:
  /// `opened` is the answer to protocol->read(key), `size` that of the whole object.
  RemoteStream(std::shared_ptr<Caller> caller, std::shared_ptr<Protocol> protocol, std::string key,
               OpenedResponse opened, std::uint64_t size);

  Task<Result<std::string>> next() override;

 private:
  Task<Result<void>> read_on();
  [[nodiscard]] std::unexpected<Failure> broken(const std::string& reason) const;

  const std::shared_ptr<Caller> caller_;
  const std::shared_ptr<Protocol> protocol_;
  const std::string key_;
  const std::uint64_t size_;
  const transport::Response head_;
  std::unique_ptr<BodyCheck> check_;
  std::unique_ptr<transport::ResponseStream> body_;
  std::uint64_t read_ = 0;
  unsigned repairs_left_ = 3;
};

}  // namespace chartmuseum::storage

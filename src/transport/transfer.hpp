// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transport/exchange.hpp"
#include "transport/settings.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace chartmuseum::transport {

/// One libcurl easy handle, set up to carry out an exchange. Belongs to the client's thread.
class Transfer {
 public:
  /// `share` is the client's CURLSH.
  Transfer(std::shared_ptr<Exchange> exchange, const ClientSettings& settings, void* share);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  [[nodiscard]] void* handle() const { return easy_.get(); }  // a CURL
  [[nodiscard]] Exchange& exchange() const { return *exchange_; }

  /// Tells the exchange how it ended: a CURLcode.
  void finish(int code);
  /// After the consumer has made room.
  void resume();

 private:
  struct FreeEasy {
    void operator()(void* easy) const;
  };
  struct FreeList {
    void operator()(void* list) const;
  };

  void set_protocol(const ClientSettings& settings);
  void set_tls(const TlsSettings& tls, bool streamed);
  void set_method();
  void set_headers();
  void set_callbacks();
  template <class Value>
  void set(int option, Value value);

  static std::size_t on_header(char* data, std::size_t size, std::size_t count,
                               void* transfer) noexcept;
  static std::size_t on_body(char* data, std::size_t size, std::size_t count,
                             void* transfer) noexcept;
  static std::size_t on_read(char* into, std::size_t size, std::size_t count,
                             void* transfer) noexcept;
  static int on_seek(void* transfer, std::int64_t offset, int origin) noexcept;

  std::shared_ptr<Exchange> exchange_;
  std::unique_ptr<void, FreeEasy> easy_;     // CURL
  std::unique_ptr<void, FreeList> headers_;  // curl_slist
  std::array<char, 256> said_{};             // CURL_ERROR_SIZE
  std::uint64_t sent_ = 0;
  bool body_unreadable_ = false;
};

}  // namespace chartmuseum::transport

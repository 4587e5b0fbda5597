// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace chartmuseum::storage {

/// MD5 (RFC 1321), by which services notice damage on the way. It proves nothing.
class Md5 {
 public:
  /// Nothing where OpenSSL has none: in its FIPS mode.
  [[nodiscard]] static std::optional<Md5> begin();

  void add(std::string_view bytes);
  /// 16 bytes, once.
  [[nodiscard]] std::string end();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  using Context = std::unique_ptr<evp_md_ctx_st, Free>;
  explicit Md5(Context context) : context_(std::move(context)) {}

  Context context_;
};

}  // namespace chartmuseum::storage

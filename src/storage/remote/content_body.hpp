// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/content.hpp"
#include "transport/body_source.hpp"

#include <cstdint>
#include <memory>

namespace chartmuseum::storage {

/// `size` bytes of `content` from `offset` on, as the body of a request. The bytes must stay valid
/// until the task that sends it has ended.
[[nodiscard]] std::shared_ptr<const transport::BodySource> body_of(const Content& content,
                                                                   std::uint64_t offset,
                                                                   std::uint64_t size);

/// All of it.
[[nodiscard]] std::shared_ptr<const transport::BodySource> body_of(const Content& content);

}  // namespace chartmuseum::storage

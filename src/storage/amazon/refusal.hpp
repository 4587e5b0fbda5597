// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/amazon/xml.hpp"
#include "storage/failure.hpp"
#include "transport/message.hpp"

#include <optional>
#include <string>

namespace chartmuseum::storage::amazon {

/// What the service says is wrong. Its code is empty where it says nothing: an answer to HEAD has
/// no body, and whoever answers may be no S3 at all.
[[nodiscard]] ServiceError error_in(const transport::Response& answer);

/// What an answer other than 2xx means; nothing if it is that the object is absent.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
/// `bucket` and `service` (its URL) are named in the detail.
[[nodiscard]] std::optional<Failure> failure_in(const transport::Response& answer,
                                                const std::string& bucket,
                                                const std::string& service);

/// Whether the service does not know the header If-None-Match of a put.
[[nodiscard]] bool refuses_conditions(const transport::Response& answer);

}  // namespace chartmuseum::storage::amazon

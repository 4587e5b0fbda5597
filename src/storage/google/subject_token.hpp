// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "storage/failure.hpp"
#include "transport/client.hpp"

#include <boost/json/object.hpp>

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chartmuseum::storage::google {

/// Where an identity provider leaves its token: the "credential_source" of an external account
/// (https://google.aip.dev/auth/4117).
struct SubjectTokenSource {
  std::string file;  // a path, or empty
  std::string url;   // or a URL
  std::vector<transport::Header> headers;
  std::optional<std::string> member;  // of a JSON object, that is the token; else it is the text
};

/// The error says what of it cannot be used.
[[nodiscard]] std::expected<SubjectTokenSource, std::string> read_subject_token_source(
    const boost::json::object& source);

/// The token as it is now.
Task<Result<std::string>> fetch_subject_token(SubjectTokenSource source,
                                              std::shared_ptr<transport::Client> client);

}  // namespace chartmuseum::storage::google

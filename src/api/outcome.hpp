// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/access_control.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "repository/repository.hpp"

#include <string_view>

namespace chartmuseum::api {

/// The texts of a conflict and of an absent object differ from route to route; those of
/// everything else do not.
struct RefusalTexts {
  std::string_view exists = "file already exists";
  std::string_view absent = "object not found";
};

/// The one map from outcomes to statuses. The cause of a failing storage goes to the log only.
[[nodiscard]] http::Response refusal_response(const repository::Refused& refused,
                                              const RefusalTexts& texts = {});

/// The same for a request whose body could not be read.
[[nodiscard]] http::Response body_failure_response(http::BodyFailure failure);

/// The same for who may not come in. The reason goes to the log only.
[[nodiscard]] http::Response denial_response(auth::Denial denial);

}  // namespace chartmuseum::api

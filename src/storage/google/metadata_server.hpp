// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/google/token_source.hpp"
#include "transport/client.hpp"

#include <memory>
#include <string>

namespace chartmuseum::storage::google {

/// Where machines of Google's cloud find it, without asking for a name
/// (https://cloud.google.com/compute/docs/metadata/querying-metadata).
inline constexpr const char* kMetadataHost = "169.254.169.254";

/// The account that the machine, or the pod, runs as. `host` may have a port. `client` should go
/// through no proxy: the server answers only to the machine itself.
[[nodiscard]] std::shared_ptr<TokenSource> make_metadata_server(
    std::string host, std::shared_ptr<transport::Client> client);

}  // namespace chartmuseum::storage::google

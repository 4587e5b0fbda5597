// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/microsoft/account.hpp"
#include "storage/microsoft/blob_protocol.hpp"
#include "storage/microsoft/download_signature.hpp"
#include "storage/remote/caller.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::storage::microsoft {

/// Reads the answer to Get User Delegation Key.
[[nodiscard]] std::optional<DelegationKey> read_delegation_key(std::string_view xml);

/// Signs downloads with a key that the service gives to whoever proves by a token who they are. It
/// is fetched once a day. Needs the role Storage Blob Delegator, or Data Contributor, on the
/// account.
/// https://learn.microsoft.com/rest/api/storageservices/get-user-delegation-key
[[nodiscard]] SignDownload make_delegated_signer(std::shared_ptr<Caller> caller, Account account,
                                                 Service service, std::string api_version);

}  // namespace chartmuseum::storage::microsoft

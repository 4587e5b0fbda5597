// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/remote/protocol.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::storage::google {

/// What stands in the answers of Google Cloud Storage. They are believed in nothing that is not
/// checked.

/// The members of an object that are stored for us beside its bytes.
inline constexpr std::string_view kDigestMember = "chartmuseum-sha256";
inline constexpr std::string_view kUploadMember = "chartmuseum-upload";

/// An object's resource
/// (https://cloud.google.com/storage/docs/json_api/v1/objects#resource); nothing if it lacks size,
/// generation or time.
///
/// The etag is the generation: a number that is new with every change of the bytes, and stands in
/// listings, in resources and, as x-goog-generation, beside the bytes. The resource's own etag
/// changes with metadata as well. Times are cut to whole seconds, as beside the bytes they are.
[[nodiscard]] std::optional<Described> described_by_resource(const boost::json::object& resource);

/// Of an answer 200 or 206 with the bytes.
[[nodiscard]] Result<Described> described_by_media(const transport::Response& head);

/// A page of a listing.
struct ListedPage {
  std::vector<ObjectInfo> objects;
  std::string next;  // empty: it is the last one
};
/// Nothing if `body` is no such page, or holds an object that is not below `prefix`.
[[nodiscard]] std::optional<ListedPage> read_page(std::string_view body, std::string_view prefix);

/// See Protocol::refusal(). `bucket` is named in what the user is told.
[[nodiscard]] std::optional<Failure> refusal_by_google(const transport::Response& answer,
                                                       const std::string& bucket);
/// The same where no object is asked for, so that 404 means the bucket.
[[nodiscard]] Failure refusal_of_bucket(const transport::Response& answer,
                                        const std::string& bucket);

/// The service's own words, for the log: one line of no more than 300 characters, without long
/// words, which may be tokens.
[[nodiscard]] std::string said_in(std::string_view text);

}  // namespace chartmuseum::storage::google

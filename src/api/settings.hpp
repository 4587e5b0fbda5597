// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace chartmuseum::api {

/// What the options say about the routes.
struct Settings {
  std::string version;         // for /info
  std::size_t depth = 0;       // segments of a repository's name
  bool depth_dynamic = false;  // any number of them
  std::string context_path;    // "/x", or ""
  bool enable_api = true;      // unless --disable-api
  bool enable_delete = true;   // unless --disable-delete
  bool log_health = false;
  bool storage_redirect = false;  // packages are fetched from the storage, where it has URLs for it
  std::string cors_allow_origin;  // --cors-alloworigin, for /api routes; "" for none
  std::uint64_t max_upload_size = 20'971'520;
  std::uint64_t upload_memory = 1'048'576;  // of one request, before it is spooled to a file
  /// Of all requests together: uploads, which go to files at once when it is used up, and answers
  /// that are made for one client, who is then told to try again.
  std::uint64_t shared_memory = 268'435'456;
  std::string chart_field = "chart";                    // besides "chart" itself
  std::string provenance_field = "prov";                // besides "prov" itself
  std::map<std::string, std::string> artifact_hub_ids;  // by repository name; "" at depth 0
  std::filesystem::path web_template_path;              // empty: the built-in page
};

}  // namespace chartmuseum::api

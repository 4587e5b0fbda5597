// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/handlers.hpp"
#include "repository/repository.hpp"

#include <expected>
#include <string_view>
#include <vector>

namespace chartmuseum::api {

/// What a client sent to be stored, with the bytes that `push` refers to.
struct Upload {
  std::vector<http::Spool> bytes;
  repository::Push push;
};

/// An upload that was read and checked, or the answer that says what is wrong with it. Reads no
/// more of the body than --max-upload-size.
using UploadOrAnswer = std::expected<Upload, http::Response>;

/// Whether a Content-Type is multipart/form-data. All others are taken for a package as it is.
[[nodiscard]] bool is_form(std::string_view content_type);

Task<UploadOrAnswer> read_package_upload(const Application& application, http::Request& request);
Task<UploadOrAnswer> read_provenance_upload(const Application& application, http::Request& request);
Task<UploadOrAnswer> read_form_upload(const Application& application, http::Request& request);

}  // namespace chartmuseum::api

// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/blob_listing.hpp"

#include "base/http_date.hpp"
#include "storage/remote/uri.hpp"

#include <charconv>
#include <optional>
#include <pugixml.hpp>
#include <utility>

namespace chartmuseum::storage::microsoft {

namespace {

/// Since version 2021-02-12 names with characters that XML cannot hold are percent-encoded, and
/// say so.
std::string name_of(const pugi::xml_node& blob) {
  const pugi::xml_node name = blob.child("Name");
  if (name.attribute("Encoded").as_bool()) return percent_decoded(name.child_value());
  return name.child_value();
}

std::optional<ObjectInfo> read_blob(const pugi::xml_node& blob) {
  const pugi::xml_node properties = blob.child("Properties");
  const auto modified = parse_http_date(properties.child_value("Last-Modified"));
  const std::string_view size = properties.child_value("Content-Length");
  std::string_view etag = properties.child_value("Etag");
  if (etag.size() >= 2 && etag.starts_with('"') && etag.ends_with('"')) {
    etag = etag.substr(1, etag.size() - 2);
  }
  ObjectInfo info;
  info.name = name_of(blob);
  info.etag = etag;
  const char* const end = size.data() + size.size();
  const auto [read, error] = std::from_chars(size.data(), end, info.size);
  if (!modified || error != std::errc() || read != end || info.etag.empty()) return std::nullopt;
  info.modified = *modified;
  return info;
}

}  // namespace

std::expected<BlobPage, std::string> read_blob_page(std::string_view xml, std::string_view prefix) {
  pugi::xml_document document;
  const auto parsed = document.load_buffer(xml.data(), xml.size());
  const pugi::xml_node results = document.child("EnumerationResults");
  if (!parsed || !results) return std::unexpected("it is no listing");
  BlobPage page;
  page.next = results.child_value("NextMarker");
  for (const pugi::xml_node blob : results.child("Blobs").children("Blob")) {
    auto info = read_blob(blob);
    if (!info) return std::unexpected("a blob in it lacks size, time or ETag");
    if (!info->name.starts_with(prefix)) return std::unexpected("it has a blob that is elsewhere");
    info->name.erase(0, prefix.size());
    page.objects.push_back(*std::move(info));
  }
  return page;
}

}  // namespace chartmuseum::storage::microsoft

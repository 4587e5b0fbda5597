// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/xml.hpp"

#include "base/ascii.hpp"
#include "storage/amazon/etag.hpp"

#include <charconv>
#include <chrono>
#include <cstdint>
#include <pugixml.hpp>

namespace chartmuseum::storage::amazon {

namespace {

std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& parent, std::string_view name) {
  return parent.find_child([name](const pugi::xml_node& node) { return local_name(node) == name; });
}

std::string text(const pugi::xml_node& parent, std::string_view name) {
  return child(parent, name).text().get();
}

bool parse(pugi::xml_document& document, std::string_view body) {
  return static_cast<bool>(document.load_buffer(body.data(), body.size(), pugi::parse_default));
}

/// The document's element, if it is called that.
pugi::xml_node root(const pugi::xml_document& document, std::string_view name) {
  const pugi::xml_node element = document.document_element();
  return local_name(element) == name ? element : pugi::xml_node();
}

std::string shortened(std::string_view message) {
  constexpr std::size_t kLongest = 300;
  std::string result;
  for (const char c : message.substr(0, kLongest)) result += is_control_character(c) ? ' ' : c;
  return result;
}

/// Keys are form-encoded where `encoding-type=url` was asked for and taken.
std::optional<std::string> form_decoded(std::string_view encoded) {
  std::string decoded;
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i] == '+') {
      decoded += ' ';
    } else if (encoded[i] == '%') {
      unsigned byte = 0;
      const std::string_view digits = encoded.substr(i + 1, 2);
      const auto [end, problem] =
          std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
      if (digits.size() != 2 || problem != std::errc() || end != digits.data() + 2) {
        return std::nullopt;
      }
      decoded += static_cast<char>(byte);
      i += 2;
    } else {
      decoded += encoded[i];
    }
  }
  return decoded;
}

std::optional<std::uint64_t> number(const std::string& digits) {
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || problem != std::errc() || end != digits.data() + digits.size()) {
    return std::nullopt;
  }
  return value;
}

bool is_true(std::string_view text) {
  return equal_ignoring_case(text, "true");
}

}  // namespace

std::optional<ServiceError> read_error(std::string_view body) {
  pugi::xml_document document;
  if (!parse(document, body)) return std::nullopt;
  pugi::xml_node error = root(document, "Error");
  if (!error) error = child(root(document, "ErrorResponse"), "Error");  // of STS
  if (!child(error, "Code")) return std::nullopt;
  return ServiceError{shortened(text(error, "Code")), shortened(text(error, "Message")),
                      shortened(text(error, "Region"))};
}

std::expected<ListingPage, std::string> read_listing(std::string_view body) {
  pugi::xml_document document;
  if (!parse(document, body)) return std::unexpected("the listing is no whole XML");
  const pugi::xml_node result = root(document, "ListBucketResult");
  if (!result) return std::unexpected("the answer is no listing of a bucket");
  if (!child(result, "IsTruncated")) {
    return std::unexpected("the listing does not say whether it is whole");
  }
  const bool encoded = text(result, "EncodingType") == "url";
  ListingPage page;
  page.truncated = is_true(text(result, "IsTruncated"));
  for (const pugi::xml_node& entry : result) {
    if (local_name(entry) != "Contents") continue;
    const std::string key = text(entry, "Key");
    const auto name = encoded ? form_decoded(key) : key;
    const auto size = number(text(entry, "Size"));
    const auto modified = parse_rfc3339(text(entry, "LastModified"));
    if (!name || !size || !modified) {
      return std::unexpected("an entry of the listing lacks its key, size or time");
    }
    // Whole seconds, as Last-Modified has them.
    page.objects.push_back({*name, *size, std::chrono::floor<std::chrono::seconds>(*modified),
                            unquoted(text(entry, "ETag"))});
  }
  page.next = text(result, "NextContinuationToken");
  if (page.next.empty()) {
    const std::string marker = text(result, "NextMarker");
    const auto decoded = encoded ? form_decoded(marker) : marker;
    if (!decoded)
      return std::unexpected("the listing's next marker is not encoded as it should be");
    page.next = *decoded;
  }
  return page;
}

std::optional<std::string> read_upload_id(std::string_view body) {
  pugi::xml_document document;
  if (!parse(document, body)) return std::nullopt;
  std::string id = text(root(document, "InitiateMultipartUploadResult"), "UploadId");
  if (id.empty()) return std::nullopt;
  return id;
}

std::optional<std::string> read_completed_etag(std::string_view body) {
  pugi::xml_document document;
  if (!parse(document, body)) return std::nullopt;
  const pugi::xml_node result = root(document, "CompleteMultipartUploadResult");
  if (!result) return std::nullopt;
  return unquoted(text(result, "ETag"));
}

std::string completion_of(const std::vector<UploadedPart>& parts) {
  pugi::xml_document document;
  pugi::xml_node upload = document.append_child("CompleteMultipartUpload");
  upload.append_attribute("xmlns") = "http://s3.amazonaws.com/doc/2006-03-01/";
  for (const UploadedPart& part : parts) {
    pugi::xml_node element = upload.append_child("Part");
    element.append_child("PartNumber").text() = part.number;
    element.append_child("ETag").text() = part.etag.c_str();
  }
  struct Writer final : pugi::xml_writer {
    std::string text;
    void write(const void* data, std::size_t size) override {
      text.append(static_cast<const char*>(data), size);
    }
  } writer;
  document.save(writer, "", pugi::format_raw | pugi::format_no_declaration);
  return std::move(writer.text);
}

std::optional<AssumedRole> read_assumed_role(std::string_view body) {
  pugi::xml_document document;
  if (!parse(document, body)) return std::nullopt;
  // AssumeRoleResponse/AssumeRoleResult/Credentials, or the same of web identities.
  for (const pugi::xml_node& result : document.document_element()) {
    const pugi::xml_node credentials = child(result, "Credentials");
    if (!credentials) continue;
    AssumedRole role{text(credentials, "AccessKeyId"), text(credentials, "SecretAccessKey"),
                     text(credentials, "SessionToken"), text(credentials, "Expiration")};
    if (role.access_key.empty() || role.secret_key.empty() || role.session_token.empty()) break;
    return role;
  }
  return std::nullopt;
}

}  // namespace chartmuseum::storage::amazon

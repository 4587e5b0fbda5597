// SPDX-License-Identifier: Apache-2.0
// What a service answers, and what stands in files of credentials, is as hostile as what clients
// send.
#include "storage/amazon/shared_config.hpp"
#include "storage/amazon/xml.hpp"
#include "storage/google/google_answers.hpp"
#include "storage/microsoft/blob_listing.hpp"
#include "storage/microsoft/connection_string.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace chartmuseum::storage;

constexpr std::size_t kLongestMessage = 300;

void require(bool holds) {
  if (!holds) std::abort();
}

void read_as_amazon(std::string_view text) {
  const auto error = amazon::read_error(text);
  require(!error || error->message.size() <= kLongestMessage);
  const auto page = amazon::read_listing(text);
  require(!page || page->objects.size() <= text.size());
  static_cast<void>(amazon::read_upload_id(text));
  static_cast<void>(amazon::read_completed_etag(text));
  static_cast<void>(amazon::read_assumed_role(text));
  static_cast<void>(amazon::SharedConfig::parse(text, text).profile("default"));
}

void read_as_google(std::string_view text) {
  const auto page = google::read_page(text, "charts/");
  require(!page || page->objects.size() <= text.size());
  require(google::said_in(text).size() <= kLongestMessage);
  chartmuseum::transport::Response refusal;
  refusal.status = 404;
  refusal.body = text;
  static_cast<void>(google::refusal_by_google(refusal, "bucket"));
}

void read_as_microsoft(std::string_view text) {
  const auto page = microsoft::read_blob_page(text, "charts/");
  require(!page || page->objects.size() <= text.size());
  const auto connection = microsoft::read_connection_string(text);
  // What is wrong with it is told without any of its values.
  require(connection || text.size() < 20 || !connection.error().contains(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read_as_amazon(text);
  read_as_google(text);
  read_as_microsoft(text);
  return 0;
}

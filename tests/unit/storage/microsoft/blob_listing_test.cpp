// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/blob_listing.hpp"

#include "base/http_date.hpp"

#include <gmock/gmock.h>

namespace chartmuseum::storage::microsoft {
namespace {

std::string page(const std::string& blobs, const std::string& marker = "") {
  return "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults "
         "ContainerName=\"charts\"><Prefix>org/</Prefix><Delimiter>/</Delimiter><Blobs>" +
         blobs + "</Blobs><NextMarker>" + marker + "</NextMarker></EnumerationResults>";
}

std::string blob(const std::string& name, const std::string& size = "7",
                 const std::string& modified = "Sun, 22 Nov 2026 20:35:59 GMT",
                 const std::string& etag = "0x8D") {
  return "<Blob><Name>" + name + "</Name><Properties><Last-Modified>" + modified +
         "</Last-Modified><Etag>" + etag + "</Etag><Content-Length>" + size +
         "</Content-Length></Properties></Blob>";
}

TEST(BlobPage, has_what_a_store_knows_of_objects) {
  const auto read = read_blob_page(
      page(blob("org/a &amp; b+é.tgz") + "<BlobPrefix><Name>org/team/</Name></BlobPrefix>" +
               blob("org/c", "0", "Sun, 22 Nov 2026 20:35:59 GMT", "\"0x8E\""),
           "2!next"),
      "org/");
  ASSERT_TRUE(read) << read.error();
  ASSERT_EQ(read->objects.size(), 2U);
  EXPECT_EQ(read->objects[0].name, "a & b+é.tgz");
  EXPECT_EQ(read->objects[0].size, 7U);
  EXPECT_EQ(read->objects[0].etag, "0x8D");
  EXPECT_EQ(read->objects[0].modified, *parse_http_date("Sun, 22 Nov 2026 20:35:59 GMT"));
  EXPECT_EQ(read->objects[1].etag, "0x8E");
  EXPECT_EQ(read->next, "2!next");
}

TEST(BlobPage, may_be_empty) {
  const auto read =
      read_blob_page("<EnumerationResults><Blobs /><NextMarker /></EnumerationResults>", "org/");
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->objects.empty());
  EXPECT_EQ(read->next, "");
}

TEST(BlobPage, decodes_names_that_say_they_are_encoded) {
  std::string xml = page(blob("org/a%EF%BF%BEb"));
  EXPECT_EQ(read_blob_page(xml, "org/")->objects[0].name, "a%EF%BF%BEb");
  xml.replace(xml.find("<Name>"), 6, "<Name Encoded=\"true\">");
  EXPECT_EQ(read_blob_page(xml, "org/")->objects[0].name,
            "a\xef\xbf\xbe"
            "b");
}

TEST(BlobPage, is_refused_rather_than_believed_in_part) {
  const std::string good = page(blob("org/a"));
  for (const std::string& xml :
       {std::string(), std::string("<html>Sign in</html>"), std::string("{\"blobs\":[]}"),
        good.substr(0, good.size() / 2), page(blob("org/a", "many")), page(blob("org/a", "")),
        page(blob("org/a", "-1")), page(blob("org/a", "99999999999999999999999")),
        page(blob("org/a", "7", "lately")), page(blob("org/a", "7", "")),
        page(blob("org/a", "7", "Sun, 22 Nov 2026 20:35:59 GMT", "")), page(blob("other/a")),
        page("<Blob/>")}) {
    EXPECT_FALSE(read_blob_page(xml, "org/")) << xml;
  }
}

TEST(BlobPage, takes_no_entities_from_the_answer) {
  const auto read =
      read_blob_page("<!DOCTYPE x [<!ENTITY e \"org/big\">]>" + page(blob("&e;")), "");
  if (read) {
    EXPECT_EQ(read->objects[0].name, "&e;");
  }
}

TEST(BlobPage, may_nest_as_deep_as_it_likes) {
  std::string deep;
  for (int i = 0; i < 200'000; ++i) deep += "<a>";
  EXPECT_FALSE(read_blob_page("<EnumerationResults>" + deep, ""));
}

}  // namespace
}  // namespace chartmuseum::storage::microsoft

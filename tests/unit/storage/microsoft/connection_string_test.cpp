// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/connection_string.hpp"

#include <gmock/gmock.h>

namespace chartmuseum::storage::microsoft {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ConnectionString, names_an_account_of_the_public_cloud) {
  const auto connection = read_connection_string(
      "DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=a2V5IQ==;"
      "EndpointSuffix=core.windows.net");
  ASSERT_TRUE(connection) << connection.error();
  EXPECT_EQ(connection->account.name, "acct");
  EXPECT_EQ(connection->account.endpoint, "https://acct.blob.core.windows.net");
  EXPECT_EQ(connection->key->bytes, "key!");
  EXPECT_FALSE(connection->sas);
}

TEST(ConnectionString, names_an_account_of_another_cloud) {
  const auto connection =
      read_connection_string("AccountName=acct;EndpointSuffix=core.chinacloudapi.cn");
  EXPECT_EQ(connection->account.endpoint, "https://acct.blob.core.chinacloudapi.cn");
}

TEST(ConnectionString, may_name_an_endpoint_with_a_path) {
  const auto connection = read_connection_string(
      "BlobEndpoint=http://10.0.0.1:10000/acct/;AccountName=acct;AccountKey=a2V5IQ==;"
      "QueueEndpoint=http://elsewhere");
  EXPECT_EQ(connection->account.endpoint, "http://10.0.0.1:10000/acct");
}

TEST(ConnectionString, may_hold_a_signature_in_the_place_of_a_key) {
  const auto connection = read_connection_string(
      "BlobEndpoint=https://acct.blob.core.windows.net;"
      "SharedAccessSignature=?sv=2021-01-01&sig=a%2Fb%3D");
  ASSERT_TRUE(connection) << connection.error();
  EXPECT_EQ(connection->sas->query, "sv=2021-01-01&sig=a%2Fb%3D");
  EXPECT_FALSE(connection->key);
}

TEST(ConnectionString, may_be_of_the_emulator) {
  const auto connection = read_connection_string("UseDevelopmentStorage=true");
  EXPECT_EQ(connection->account.endpoint, "http://127.0.0.1:10000/devstoreaccount1");
  EXPECT_EQ(connection->key->bytes.size(), 64U);
}

TEST(ConnectionString, may_be_written_on_several_lines_in_any_letter_case) {
  const auto connection = read_connection_string(" accountname=acct ;\n ACCOUNTKEY=a2V5IQ==\n;\n");
  EXPECT_EQ(connection->account.name, "acct");
  EXPECT_EQ(connection->key->bytes, "key!");
}

TEST(ConnectionString, that_cannot_be_used_says_why_and_no_secret) {
  for (const auto& [text, problem] : std::vector<std::pair<std::string, std::string>>{
           {"", "neither AccountName nor BlobEndpoint"},
           {"AccountKey=a2V5IQ==", "neither AccountName nor BlobEndpoint"},
           {"AccountName=acct;secret", "without \"=\""},
           {"AccountName=acct;AccountKey=secret", "AccountKey is not base64"},
           {"AccountName=acct.evil/", "AccountName is no name"},
           {"AccountName=acct;DefaultEndpointsProtocol=ftp", "no http or https URL"},
           {"AccountName=acct;EndpointSuffix=a b", "no http or https URL"},
           {"BlobEndpoint=https://x;AccountKey=a2V5IQ==", "no AccountName"},
           {"BlobEndpoint=file:///etc/secret", "no http or https URL"},
           {"BlobEndpoint=https://x/?sig=secret", "no http or https URL"},
           {"BlobEndpoint=https://secret@x", "no http or https URL"},
           {"BlobEndpoint=https://x;SharedAccessSignature=se cret", "no query"},
           {"UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://x", "not supported"}}) {
    const auto connection = read_connection_string(text);
    ASSERT_FALSE(connection) << text;
    EXPECT_THAT(connection.error(), HasSubstr(problem)) << text;
    EXPECT_THAT(connection.error(), Not(HasSubstr("secret")));
  }
}

}  // namespace
}  // namespace chartmuseum::storage::microsoft

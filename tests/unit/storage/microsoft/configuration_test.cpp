// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/configuration.hpp"

#include "storage/microsoft/microsoft_store.hpp"
#include "support/variables.hpp"

#include <gmock/gmock.h>

#include <map>

namespace chartmuseum::storage::microsoft {
namespace {

using testing::HasSubstr;

std::expected<Configuration, std::string> read(std::map<std::string, std::string> variables) {
  return read_configuration(test::variables(std::move(variables)));
}

TEST(MicrosoftConfiguration, is_that_of_the_go_server) {
  const auto configuration =
      read({{"AZURE_STORAGE_ACCOUNT", "acct"}, {"AZURE_STORAGE_ACCESS_KEY", "a2V5IQ=="}});
  ASSERT_TRUE(configuration) << configuration.error();
  EXPECT_EQ(configuration->account.endpoint, "https://acct.blob.core.windows.net");
  EXPECT_EQ(std::get<AccountKey>(configuration->credentials).bytes, "key!");
  EXPECT_EQ(configuration->api_version, "2018-03-28");
}

TEST(MicrosoftConfiguration, may_be_of_another_cloud_and_version) {
  const auto configuration = read({{"AZURE_STORAGE_ACCOUNT", "acct"},
                                   {"AZURE_BASE_URL", "core.usgovcloudapi.net"},
                                   {"AZURE_API_VERSION", "2021-12-02"}});
  EXPECT_EQ(configuration->account.endpoint, "https://acct.blob.core.usgovcloudapi.net");
  EXPECT_EQ(configuration->api_version, "2021-12-02");
}

TEST(MicrosoftConfiguration, without_a_key_is_for_an_identity) {
  EXPECT_TRUE(std::holds_alternative<Identity>(
      read({{"AZURE_STORAGE_ACCOUNT", "acct"}, {"AZURE_STORAGE_ACCESS_KEY", ""}})->credentials));
  EXPECT_TRUE(std::holds_alternative<Identity>(
      read({{"AZURE_STORAGE_CONNECTION_STRING", "AccountName=acct"}})->credentials));
}

TEST(MicrosoftConfiguration, knows_the_emulator_by_its_account) {
  const auto configuration = read({{"AZURE_STORAGE_ACCOUNT", "devstoreaccount1"}});
  EXPECT_EQ(configuration->account.endpoint, "https://127.0.0.1:10000/devstoreaccount1");
  EXPECT_TRUE(std::holds_alternative<AccountKey>(configuration->credentials));
}

TEST(MicrosoftConfiguration, prefers_a_connection_string) {
  const auto configuration =
      read({{"AZURE_STORAGE_CONNECTION_STRING", "BlobEndpoint=http://x;SharedAccessSignature=s=1"},
            {"AZURE_STORAGE_ACCOUNT", "acct"},
            {"AZURE_STORAGE_ACCESS_KEY", "a2V5IQ=="}});
  EXPECT_EQ(configuration->account.endpoint, "http://x");
  EXPECT_EQ(std::get<Sas>(configuration->credentials).query, "s=1");
}

TEST(MicrosoftConfiguration, that_cannot_be_used_says_what_to_set) {
  for (const auto& [variables, problem] :
       std::vector<std::pair<std::map<std::string, std::string>, std::string>>{
           {{}, "set AZURE_STORAGE_ACCOUNT"},
           {{{"AZURE_STORAGE_ACCOUNT", "a/b"}}, "AZURE_STORAGE_ACCOUNT is no name"},
           {{{"AZURE_STORAGE_ACCOUNT", "a"}, {"AZURE_STORAGE_ACCESS_KEY", "?"}}, "is not base64"},
           {{{"AZURE_STORAGE_ACCOUNT", "a"}, {"AZURE_BASE_URL", "a b"}}, "AZURE_BASE_URL"},
           {{{"AZURE_STORAGE_ACCOUNT", "a"}, {"AZURE_API_VERSION", "2015-02-21"}},
            "AZURE_API_VERSION"},
           {{{"AZURE_STORAGE_ACCOUNT", "a"}, {"AZURE_API_VERSION", "newest"}}, "AZURE_API_VERSION"},
           {{{"AZURE_STORAGE_CONNECTION_STRING", "x"}}, "AZURE_STORAGE_CONNECTION_STRING"}}) {
    const auto configuration = read(variables);
    ASSERT_FALSE(configuration) << problem;
    EXPECT_THAT(configuration.error(), HasSubstr(problem));
  }
}

TEST(MicrosoftPrefix, is_cleaned_as_go_joins_paths_and_keeps_a_slash_at_its_beginning) {
  EXPECT_EQ(clean_prefix(""), "");
  EXPECT_EQ(clean_prefix("."), "");
  EXPECT_EQ(clean_prefix("pfx"), "pfx/");
  EXPECT_EQ(clean_prefix("/pfx/"), "/pfx/");
  EXPECT_EQ(clean_prefix("//a//./b/../c"), "/a/c/");
  EXPECT_EQ(clean_prefix("/"), "/");
  EXPECT_EQ(clean_prefix("/../a"), "/a/");
  EXPECT_FALSE(clean_prefix("a/../../b"));
}

TEST(MicrosoftStore, says_what_is_wrong_with_its_settings) {
  const auto problem = [](const MicrosoftSettings& settings) {
    const auto store =
        make_microsoft_store(settings,
                             test::variables({{"AZURE_STORAGE_ACCOUNT", "acct"},
                                              {"AZURE_STORAGE_ACCESS_KEY", "a2V5IQ=="}}),
                             telemetry::Log::discarding());
    return store ? "" : store.error();
  };
  EXPECT_EQ(problem({"charts", ""}), "");
  EXPECT_THAT(problem({"", ""}), HasSubstr("--storage-microsoft-container"));
  EXPECT_THAT(problem({"a/b", ""}), HasSubstr("--storage-microsoft-container"));
  EXPECT_THAT(problem({"charts", ".."}), HasSubstr("--storage-microsoft-prefix"));
}

}  // namespace
}  // namespace chartmuseum::storage::microsoft

// SPDX-License-Identifier: Apache-2.0
#include "options/option.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace chartmuseum::options {
namespace {

std::string_view type_name(Type type) {
  switch (type) {
    case Type::boolean:
      return "bool";
    case Type::whole_number:
      return "int";
    case Type::duration:
      return "duration";
    case Type::string:
      return "string";
    case Type::key_value:
      return "keyValue";
  }
  return "";
}

/// What the Go server does not have.
constexpr std::array kOurOwn = std::to_array<std::string_view>({
    "storage-redirect",
    "package-cache-dir",
    "package-cache-size",
    "basic-auth-pass-file",
    "auth-htpasswd",
    "auth-policy",
    "auth-oidc-issuer",
    "trusted-proxies",
    "storage-amazon-sse-kms-key-id",
});

bool is_our_own(const Option& option) {
  return std::ranges::find(kOurOwn, option.flag) != kOurOwn.end();
}

/// A row in the form of the Go server's: flag, variable, key, type, default.
std::string row(const Option& option) {
  std::string text(option.flag);
  if (!option.letter.empty()) text.append(" (-").append(option.letter).append(")");
  for (const std::string_view cell :
       {option.variable, option.key, type_name(option.type), option.default_value}) {
    text.append(",").append(cell);
  }
  return text;
}

TEST(OptionTable, has_the_rows_of_the_go_server) {
  const std::filesystem::path reference =
      std::filesystem::path(CHARTMUSEUM_SOURCE_DIR) / "../shared/reference/configuration.csv";
  std::ifstream file(reference);
  if (!file) GTEST_SKIP() << "the Go server's table is not at " << reference;
  std::vector<std::string> wanted;
  std::string line;
  std::getline(file, line);  // the headings
  while (std::getline(file, line)) wanted.push_back(line);

  std::vector<std::string> rows;
  for (const Option& option : option_table()) {
    if (!is_our_own(option)) rows.push_back(row(option));
  }
  EXPECT_THAT(rows, testing::UnorderedElementsAreArray(wanted));
}

TEST(OptionTable, has_86_rows_of_the_go_server_and_our_own) {
  EXPECT_EQ(option_table().size(), 86U + kOurOwn.size());
}

TEST(OptionTable, names_everything_once) {
  std::set<std::string_view> flags{"help", "h", "version", "v"};
  std::set<std::string_view> variables;
  std::set<std::string_view> keys;
  for (const Option& option : option_table()) {
    EXPECT_TRUE(flags.insert(option.flag).second) << option.flag;
    EXPECT_TRUE(option.letter.empty() || flags.insert(option.letter).second) << option.letter;
    EXPECT_TRUE(variables.insert(option.variable).second) << option.variable;
    EXPECT_TRUE(option.key.empty() || keys.insert(option.key).second) << option.key;
  }
}

TEST(OptionTable, has_no_key_below_another_option_s_key) {
  for (const Option& upper : option_table()) {
    for (const Option& lower : option_table()) {
      if (upper.key.empty()) continue;
      EXPECT_FALSE(lower.key.starts_with(std::string(upper.key) + '.')) << lower.key;
    }
  }
}

TEST(OptionTable, stores_values_of_the_type_that_it_names) {
  for (const Option& option : option_table()) {
    if (std::holds_alternative<Inert>(option.effect) ||
        std::holds_alternative<NotYet>(option.effect))
      continue;
    EXPECT_EQ(std::holds_alternative<StoreBool>(option.effect), option.type == Type::boolean)
        << option.flag;
    EXPECT_EQ(std::holds_alternative<StoreNumber>(option.effect), option.type == Type::whole_number)
        << option.flag;
    EXPECT_EQ(std::holds_alternative<StoreDuration>(option.effect), option.type == Type::duration)
        << option.flag;
    EXPECT_EQ(std::holds_alternative<StoreString>(option.effect), option.type == Type::string)
        << option.flag;
    EXPECT_EQ(std::holds_alternative<StoreKeyValues>(option.effect), option.type == Type::key_value)
        << option.flag;
  }
}

/// What is stored when nothing is given is what the table says is the default.
TEST(OptionTable, agrees_with_the_defaults_of_the_settings) {
  struct Snapshot {
    Options o;
    auto values() const {
      return std::tuple(o.log.json, o.log.debug, o.server.host, o.server.port,
                        o.server.read_timeout, o.server.write_timeout, o.server.log_latency_integer,
                        o.api.depth, o.api.depth_dynamic, o.api.context_path, o.api.enable_api,
                        o.api.enable_delete, o.api.log_health, o.api.max_upload_size,
                        o.api.chart_field, o.api.provenance_field, o.api.web_template_path,
                        o.repository.chart_url, o.repository.json_index,
                        o.repository.allow_overwrite, o.repository.allow_force_overwrite,
                        o.repository.enforce_semver2, o.repository.max_storage_objects,
                        o.repository.per_chart_limit, o.repository.always_regenerate,
                        o.repository.cache_interval, o.repository.timestamp_tolerance,
                        o.repository.parallel_fetches, o.repository.statefiles, o.gen_index);
    }
  };
  for (const Option& option : option_table()) {
    Draft draft;
    if (option.type == Type::string || !option.default_value.empty()) {
      const Given given{&option, "here", {std::string(option.default_value)}};
      ASSERT_EQ(apply(given, draft), std::nullopt) << option.flag;
    }
    EXPECT_EQ(Snapshot{draft.options}.values(), Snapshot{}.values()) << option.flag;
  }
}

TEST(OptionTable, finds_flags_exactly_and_keys_in_any_letter_case) {
  EXPECT_EQ(find_flag("port")->flag, "port");
  EXPECT_EQ(find_flag("c")->flag, "config");
  EXPECT_EQ(find_flag("Port"), nullptr);
  EXPECT_EQ(find_flag(""), nullptr);
  EXPECT_EQ(find_key("STORAGE.Local.rootdir")->flag, "storage-local-rootdir");
  EXPECT_EQ(find_key("storage.local"), nullptr);
  EXPECT_EQ(find_key(""), nullptr) << "the key of options that the file cannot set";
}

TEST(OptionTable, says_in_help_what_each_option_does) {
  for (const Option& option : option_table()) {
    EXPECT_FALSE(option.help.empty()) << option.flag;
    EXPECT_TRUE(option.help.ends_with('.')) << option.flag;
  }
}

}  // namespace
}  // namespace chartmuseum::options

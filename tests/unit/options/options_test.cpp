// SPDX-License-Identifier: Apache-2.0
#include "options/options.hpp"

#include "options/option.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace chartmuseum::options {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

/// Reads options from arguments, an environment and a file that are given as texts.
class OptionsTest : public testing::Test {
 protected:
  using Arguments = std::vector<std::string>;
  using Variables = std::map<std::string, std::string>;

  OptionsTest() {
    std::string name =
        (std::filesystem::temp_directory_path() / "chartmuseum-options-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~OptionsTest() override { std::filesystem::remove_all(folder_); }

  std::expected<std::variant<Options, Printout>, UsageError> result(const Arguments& arguments) {
    std::vector<std::string_view> views(arguments.begin(), arguments.end());
    const std::string path = (folder_ / "museum.yaml").string();
    const std::string config = "--config=" + path;
    if (!file_.empty()) {
      std::ofstream(path) << file_;
      views.push_back(config);
    }
    return read_options(views, [this](const std::string& name) {
      const auto found = environment_.find(name);
      return found == environment_.end() ? std::nullopt : std::optional(found->second);
    });
  }

  /// With a folder to serve from, since there must be one.
  Options options(Arguments arguments = {}) {
    arguments.emplace_back("--storage-local-rootdir=/charts");
    auto read = result(arguments);
    if (!read) {
      ADD_FAILURE() << read.error().message;
      return {};
    }
    return std::get<Options>(std::move(*read));
  }

  std::string problem(Arguments arguments, bool with_folder = true) {
    if (with_folder) arguments.emplace_back("--storage-local-rootdir=/charts");
    const auto read = result(arguments);
    return read ? "none" : read.error().message;
  }

  static std::filesystem::path local_root(const Options& options) {
    return std::get<storage::LocalStoreSettings>(options.store).root;
  }

  std::filesystem::path folder_;
  Variables environment_;
  std::string file_;
};

// ---- sources

/// A text that is right for the option and not its default.
std::string another_value(const Option& option) {
  switch (option.type) {
    case Type::boolean:
      return option.default_value == "true" ? "false" : "true";
    case Type::whole_number:
      return "7";
    case Type::duration:
      return "90s";
    case Type::string:
      if (option.flag == "storage") return "local";
      if (option.flag == "chart-url") return "https://example.com";
      if (option.flag == "trusted-proxies") return "192.0.2.1";
      return "other";
    case Type::key_value:
      return "id-1";
  }
  return {};
}

/// What `option` is an error without.
std::map<std::string, std::string> companions(const Option& option) {
  if (option.flag.starts_with("tls-")) return {{"TLS_CERT", "/tls.crt"}, {"TLS_KEY", "/tls.key"}};
  if (option.flag == "basic-auth-user") return {{"BASIC_AUTH_PASS", "secret"}};
  if (option.flag.starts_with("basic-auth-pass")) return {{"BASIC_AUTH_USER", "admin"}};
  if (option.flag == "bearer-auth") return {{"AUTH_CERT_PATH", "/key.pem"}};
  return {};
}

bool refused(const Option& option) {
  return std::holds_alternative<NotYet>(option.effect) || option.theme == Theme::cache;
}

/// What must hold wherever the other value comes from.
void expect_applied(const Option& option,
                    const std::expected<std::variant<Options, Printout>, UsageError>& read,
                    const std::string& place) {
  if (!refused(option)) {
    EXPECT_TRUE(read) << place << ": " << (read ? "" : read.error().message);
    return;
  }
  ASSERT_FALSE(read) << place << " is ignored";
  const bool unsupported = option.flag == "cache";  // "other" is no cache at all
  EXPECT_THAT(read.error().message, unsupported ? HasSubstr("Unsupported cache store")
                                                : HasSubstr("come with a later version"));
  if (!unsupported) {
    EXPECT_THAT(read.error().message, HasSubstr(place));
  }
}

TEST_F(OptionsTest, takes_or_refuses_every_row_as_a_flag) {
  for (const Option& option : option_table()) {
    if (option.flag == "config") continue;
    const std::string flag = "--" + std::string(option.flag);
    environment_ = companions(option);
    Arguments arguments{flag + "=" + another_value(option)};
    if (option.flag != "storage-local-rootdir")
      arguments.emplace_back("--storage-local-rootdir=/charts");
    expect_applied(option, result(arguments), flag);
  }
}

TEST_F(OptionsTest, takes_or_refuses_every_row_from_the_environment) {
  for (const Option& option : option_table()) {
    if (option.flag == "config") continue;
    environment_ = companions(option);
    environment_["STORAGE_LOCAL_ROOTDIR"] = "/charts";
    environment_[std::string(option.variable)] = another_value(option);
    expect_applied(option, result({}), std::string(option.variable) + " (environment)");
  }
}

TEST_F(OptionsTest, takes_or_refuses_every_row_from_the_file) {
  for (const Option& option : option_table()) {
    if (option.key.empty()) continue;
    file_ = std::string(option.key) + ": " + another_value(option) + "\n";
    environment_ = companions(option);
    if (option.flag != "storage-local-rootdir") environment_["STORAGE_LOCAL_ROOTDIR"] = "/charts";
    expect_applied(option, result({}), '"' + std::string(option.key) + '"');
  }
}

TEST_F(OptionsTest, takes_every_row_at_its_default_from_everywhere) {
  for (const Option& option : option_table()) {
    if (option.default_value.empty()) continue;
    const std::string value(option.default_value);
    EXPECT_TRUE(
        result({"--" + std::string(option.flag) + "=" + value, "--storage-local-rootdir=/x"}))
        << option.flag;
    environment_ = {{std::string(option.variable), value}};
    EXPECT_TRUE(result({"--storage-local-rootdir=/x"})) << option.variable;
    environment_.clear();
    file_ = std::string(option.key) + ": " + value + "\n";
    EXPECT_TRUE(result({"--storage-local-rootdir=/x"})) << option.key;
    file_.clear();
  }
}

TEST_F(OptionsTest, lets_the_flag_beat_the_environment_beat_the_file_beat_the_default) {
  EXPECT_EQ(options().server.port, 8080);
  file_ = "port: 1\n";
  EXPECT_EQ(options().server.port, 1);
  environment_["PORT"] = "2";
  EXPECT_EQ(options().server.port, 2);
  EXPECT_EQ(options({"--port=3"}).server.port, 3);
}

TEST_F(OptionsTest, lets_false_of_a_stronger_source_beat_true) {
  file_ = "debug: true\n";
  EXPECT_TRUE(options().log.debug);
  EXPECT_FALSE(options({"--debug=false"}).log.debug);
  environment_["DEBUG"] = "false";
  EXPECT_FALSE(options().log.debug);
  environment_["DEBUG"] = "0";
  EXPECT_FALSE(options().log.debug);
  EXPECT_TRUE(options({"--debug"}).log.debug);
}

TEST_F(OptionsTest, takes_an_empty_variable_as_unset) {
  file_ = "debug: true\nport: 1\n";
  environment_ = {{"DEBUG", ""}, {"PORT", ""}, {"TLS_CERT", ""}, {"CONFIG", ""}};
  EXPECT_TRUE(options().log.debug);
  EXPECT_EQ(options().server.port, 1);
}

TEST_F(OptionsTest, lets_an_empty_flag_beat_the_environment) {
  environment_["CHART_URL"] = "https://example.com";
  EXPECT_EQ(options({"--chart-url="}).repository.chart_url, "");
  environment_["TLS_CERT"] = "/cert.pem";
  EXPECT_FALSE(options({"--tls-cert="}).server.tls.enabled());
}

TEST_F(OptionsTest, takes_the_files_of_tls) {
  const auto tls =
      options({"--tls-cert=a.crt", "--tls-key=a.key", "--tls-ca-cert=ca.crt"}).server.tls;
  EXPECT_TRUE(tls.enabled());
  EXPECT_EQ(tls.certificate, "a.crt");
  EXPECT_EQ(tls.key, "a.key");
  EXPECT_EQ(tls.client_authorities, "ca.crt");
  EXPECT_FALSE(options().server.tls.enabled());
}

TEST_F(OptionsTest, refuses_half_of_tls) {
  EXPECT_THAT(problem({"--tls-cert=a.crt"}),
              HasSubstr("--tls-cert is of no use without --tls-key"));
  EXPECT_THAT(problem({"--tls-key=a.key"}), HasSubstr("--tls-key is of no use without --tls-cert"));
  EXPECT_THAT(problem({"--tls-ca-cert=ca.crt"}), HasSubstr("give --tls-cert and --tls-key too"));
  environment_["TLS_CERT"] = "a.crt";
  EXPECT_THAT(problem({}), HasSubstr("without --tls-key"));
}

TEST_F(OptionsTest, takes_the_size_of_the_package_cache_for_memory_or_for_its_folder) {
  EXPECT_EQ(options().package_cache.memory, 64U << 20);
  EXPECT_TRUE(options().package_cache.folder.empty());
  EXPECT_EQ(options({"--package-cache-size=0"}).package_cache.memory, 0U);
  const auto with_folder =
      options({"--package-cache-dir=/var/cache/charts", "--package-cache-size=5000000000"});
  EXPECT_EQ(with_folder.package_cache.folder, "/var/cache/charts");
  EXPECT_EQ(with_folder.package_cache.folder_size, 5'000'000'000U);
  EXPECT_EQ(with_folder.package_cache.memory, 64U << 20);
  EXPECT_EQ(options({"--package-cache-dir=cache"}).package_cache.folder_size, 1U << 30);
}

TEST_F(OptionsTest, says_what_has_no_effect_with_local_storage) {
  EXPECT_FALSE(options().api.storage_redirect);
  const auto given =
      options({"--storage-redirect", "--package-cache-dir=/cache", "--package-cache-size=1000000"});
  EXPECT_TRUE(given.api.storage_redirect);
  EXPECT_THAT(given.warnings,
              testing::ElementsAre("--storage-redirect has no effect with local storage",
                                   "--package-cache-dir has no effect with local storage",
                                   "--package-cache-size has no effect with local storage"));
}

TEST_F(OptionsTest, takes_trusted_proxies_and_refuses_what_is_none) {
  EXPECT_TRUE(options().server.trusted_proxies.empty());
  EXPECT_FALSE(options({"--trusted-proxies=10.0.0.0/8,fd00::/8"}).server.trusted_proxies.empty());
  EXPECT_THAT(problem({"--trusted-proxies=10.0.0.0/8,ingress"}),
              HasSubstr("--trusted-proxies: \"ingress\" is no address or network"));
}

TEST_F(OptionsTest, does_not_look_at_what_a_stronger_source_overrules) {
  environment_["DEBUG"] = "app:*";
  EXPECT_TRUE(options({"--debug"}).log.debug);
}

TEST_F(OptionsTest, finds_the_file_by_the_environment_too) {
  const std::string path = (folder_ / "other").string();
  std::ofstream(path) << "port: 9\n";
  environment_["CONFIG"] = path;
  EXPECT_EQ(options().server.port, 9);
}

TEST_F(OptionsTest, hands_the_warnings_of_the_file_on) {
  file_ = "prot: 1\n";
  EXPECT_THAT(options().warnings, ElementsAre(HasSubstr("did you mean port?")));
}

// ---- where values go

TEST_F(OptionsTest, fills_the_settings_of_every_room) {
  const Options o = options({"--listen-host=127.0.0.1",
                             "--port=0",
                             "--context-path=x/",
                             "--read-timeout=1",
                             "--write-timeout=2",
                             "--web-template-path=/web",
                             "--storage-timestamp-tolerance=1.5s",
                             "--depth=2",
                             "--artifact-hub-repo-id=a/b=1",
                             "--allow-overwrite",
                             "--disable-force-overwrite",
                             "--enforce-semver2",
                             "--max-upload-size=30000000",
                             "--max-storage-objects=3",
                             "--per-chart-limit=4",
                             "--chart-post-form-field-name=package",
                             "--prov-post-form-field-name=signature",
                             "--disable-api",
                             "--disable-delete",
                             "--chart-url=https://example.com/",
                             "--json-index",
                             "--cache-interval=1h30m",
                             "--index-limit=5",
                             "--always-regenerate-chart-index",
                             "--disable-statefiles",
                             "--debug",
                             "--log-json",
                             "--log-health",
                             "--log-latency-integer"});
  EXPECT_EQ(o.server.host, "127.0.0.1");
  EXPECT_EQ(o.server.port, 0);
  EXPECT_EQ(o.server.read_timeout, 1s);
  EXPECT_EQ(o.server.write_timeout, 2s);
  EXPECT_TRUE(o.server.log_latency_integer);
  EXPECT_EQ(o.api.version, CHARTMUSEUM_VERSION);
  EXPECT_EQ(o.api.context_path, "/x");
  EXPECT_EQ(o.api.web_template_path, "/web");
  EXPECT_EQ(o.api.depth, 2U);
  EXPECT_FALSE(o.api.depth_dynamic);
  EXPECT_THAT(o.api.artifact_hub_ids,
              ElementsAre(std::pair<const std::string, std::string>("a/b", "1")));
  EXPECT_EQ(o.api.max_upload_size, 30'000'000U);
  EXPECT_EQ(o.api.chart_field, "package");
  EXPECT_EQ(o.api.provenance_field, "signature");
  EXPECT_FALSE(o.api.enable_api);
  EXPECT_FALSE(o.api.enable_delete);
  EXPECT_TRUE(o.api.log_health);
  EXPECT_EQ(o.repository.context_path, "/x");
  EXPECT_EQ(o.repository.chart_url, "https://example.com");
  EXPECT_TRUE(o.repository.allow_overwrite);
  EXPECT_FALSE(o.repository.allow_force_overwrite);
  EXPECT_TRUE(o.repository.enforce_semver2);
  EXPECT_EQ(o.repository.max_storage_objects, 3U);
  EXPECT_EQ(o.repository.per_chart_limit, 4U);
  EXPECT_EQ(o.repository.max_package_size, 30'000'000U) << "what may be pushed is indexed";
  EXPECT_TRUE(o.repository.json_index);
  EXPECT_EQ(o.repository.cache_interval, 90min);
  EXPECT_EQ(o.repository.timestamp_tolerance, 1500ms);
  EXPECT_EQ(o.repository.parallel_fetches, 5U);
  EXPECT_TRUE(o.repository.always_regenerate);
  EXPECT_FALSE(o.repository.statefiles);
  EXPECT_TRUE(o.log.debug);
  EXPECT_TRUE(o.log.json);
  EXPECT_EQ(local_root(o), "/charts");
  EXPECT_THAT(o.warnings, IsEmpty());
  EXPECT_TRUE(options({"--depth-dynamic"}).api.depth_dynamic);
  EXPECT_TRUE(options({"--gen-index"}).gen_index);
}

TEST_F(OptionsTest, indexes_packages_of_the_usual_size_however_small_uploads_must_be) {
  EXPECT_EQ(options({"--max-upload-size=1000"}).repository.max_package_size, 20'971'520U);
}

TEST_F(OptionsTest, takes_a_timeout_of_zero_as_no_limit) {
  EXPECT_EQ(options({"--read-timeout=0"}).server.read_timeout, 0s);
  EXPECT_EQ(options({"--write-timeout=0"}).server.write_timeout, 0s);
}

// ---- storage

TEST_F(OptionsTest, stores_locally_where_only_a_folder_is_given) {
  EXPECT_EQ(local_root(options()), "/charts");
  EXPECT_EQ(local_root(options({"--storage="})), "/charts");
}

TEST_F(OptionsTest, takes_the_name_of_the_backend_in_any_letter_case) {
  for (const char* name : {"local", "Local", "LOCAL"}) {
    EXPECT_EQ(local_root(options({std::string("--storage=") + name})), "/charts");
  }
}

TEST_F(OptionsTest, makes_the_folder_absolute) {
  const auto read = result({"--storage-local-rootdir=charts"});
  ASSERT_TRUE(read);
  EXPECT_EQ(local_root(std::get<Options>(*read)), std::filesystem::current_path() / "charts");
}

TEST_F(OptionsTest, says_what_to_type_where_nothing_is_given) {
  for (const Arguments& arguments :
       {Arguments{}, Arguments{"--storage=local"}, Arguments{"--debug"}}) {
    EXPECT_THAT(problem(arguments, false),
                AllOf(StartsWith("Missing required flags(s): --storage-local-rootdir\n"),
                      HasSubstr("chartmuseum --storage-local-rootdir=./chartstorage")));
  }
}

TEST_F(OptionsTest, refuses_backends_that_nobody_has) {
  EXPECT_THAT(problem({"--storage=floppy"}), StartsWith("Unsupported storage backend: floppy"));
}

TEST_F(OptionsTest, refuses_backends_that_come_later) {
  for (const char* name : {"alibaba", "Baidu", "etcd", "OPENSTACK", "oracle", "tencent"}) {
    EXPECT_THAT(problem({std::string("--storage=") + name}, false),
                HasSubstr("come with a later version"));
  }
}

TEST_F(OptionsTest, names_everything_that_it_refuses_at_once) {
  environment_["STORAGE_ORACLE_BUCKET"] = "b";
  EXPECT_THAT(
      problem({"--storage=oracle", "--enable-metrics"}, false),
      AllOf(HasSubstr("\n  --storage: the oracle storage backend"),
            HasSubstr("\n  STORAGE_ORACLE_BUCKET (environment): the oracle storage backend"),
            HasSubstr("\n  --enable-metrics: Prometheus metrics"), Not(HasSubstr("Missing"))));
}

TEST_F(OptionsTest, stores_in_a_bucket_of_amazon) {
  environment_["STORAGE_AMAZON_SSE"] = "aws:kms";
  const auto read =
      result({"--storage=Amazon", "--storage-amazon-bucket=charts", "--storage-amazon-region=eu-1",
              "--storage-amazon-prefix=/team/", "--storage-amazon-endpoint=minio:9000",
              "--storage-amazon-force-path-style=false", "--storage-amazon-sse-kms-key-id=key"});
  ASSERT_TRUE(read) << read.error().message;
  const auto& amazon = std::get<storage::AmazonSettings>(std::get<Options>(*read).store);
  EXPECT_EQ(amazon.bucket, "charts");
  EXPECT_EQ(amazon.region, "eu-1");
  EXPECT_EQ(amazon.prefix, "/team/");
  EXPECT_EQ(amazon.endpoint, "minio:9000");
  EXPECT_EQ(amazon.sse, "aws:kms");
  EXPECT_EQ(amazon.kms_key_id, "key");
  EXPECT_FALSE(amazon.force_path_style);
}

TEST_F(OptionsTest, puts_buckets_into_the_path_unless_told_otherwise) {
  const auto read = result({"--storage=amazon", "--storage-amazon-bucket=charts",
                            "--storage-amazon-endpoint=minio:9000"});
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(std::get<storage::AmazonSettings>(std::get<Options>(*read).store).force_path_style);
}

TEST_F(OptionsTest, names_all_that_a_cloud_lacks) {
  EXPECT_THAT(problem({"--storage=amazon"}, false),
              StartsWith("Missing required flags(s): --storage-amazon-bucket, "
                         "--storage-amazon-region\n"));
  EXPECT_THAT(problem({"--storage=google"}),  // whatever else there is
              StartsWith("Missing required flags(s): --storage-google-bucket\n"));
  EXPECT_THAT(problem({"--storage=microsoft"}, false),
              StartsWith("Missing required flags(s): --storage-microsoft-container\n"));
}

TEST_F(OptionsTest, takes_the_region_from_amazons_own_variables) {
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"}) {
    environment_ = {{name, "eu-1"}};
    EXPECT_EQ(problem({"--storage=amazon", "--storage-amazon-bucket=charts"}, false), "none");
  }
}

TEST_F(OptionsTest, stores_in_the_other_clouds) {
  const auto google =
      result({"--storage=google", "--storage-google-bucket=b", "--storage-google-prefix=p"});
  ASSERT_TRUE(google) << google.error().message;
  const auto& gcs = std::get<storage::GoogleSettings>(std::get<Options>(*google).store);
  EXPECT_EQ(gcs.bucket + " " + gcs.prefix, "b p");

  const auto microsoft = result(
      {"--storage=microsoft", "--storage-microsoft-container=c", "--storage-microsoft-prefix=/p/"});
  ASSERT_TRUE(microsoft) << microsoft.error().message;
  const auto& azure = std::get<storage::MicrosoftSettings>(std::get<Options>(*microsoft).store);
  EXPECT_EQ(azure.container + " " + azure.prefix, "c /p/");
}

TEST_F(OptionsTest, refuses_caches_that_come_later_and_those_that_nobody_has) {
  EXPECT_THAT(problem({"--cache=Redis"}), HasSubstr("--cache: the Redis cache"));
  EXPECT_THAT(problem({"--cache=memcached"}), StartsWith("Unsupported cache store: memcached"));
}

TEST_F(OptionsTest, warns_that_disable_metrics_does_nothing) {
  EXPECT_THAT(options({"--disable-metrics"}).warnings, ElementsAre(HasSubstr("has no effect")));
  EXPECT_THAT(options({"--disable-metrics=false"}).warnings, IsEmpty());
}

// ---- values that are refused

TEST_F(OptionsTest, refuses_values_of_the_wrong_type_naming_where_they_stand) {
  EXPECT_THAT(problem({"--port=http"}),
              StartsWith("--port: \"http\" is not a whole number from 0 to 65535"));
  EXPECT_THAT(problem({"--debug=yes"}), StartsWith("--debug: \"yes\" is not true or false"));
  EXPECT_THAT(problem({"--cache-interval=5"}),
              StartsWith("--cache-interval: \"5\" is not a duration like 30s"));
  environment_["DEPTH"] = "deep";
  EXPECT_THAT(problem({}), StartsWith("DEPTH (environment): \"deep\" is not a whole number"));
  environment_.clear();
  file_ = "maxuploadsize: 20MB\n";
  EXPECT_THAT(problem({}), AllOf(StartsWith("\"maxuploadsize\" in "),
                                 HasSubstr("museum.yaml: \"20MB\" is not")));
}

TEST_F(OptionsTest, refuses_values_out_of_range) {
  for (const char* argument :
       {"--depth=-1", "--depth=65", "--port=-1", "--port=65536", "--read-timeout=-1",
        "--write-timeout=-1", "--max-upload-size=0", "--max-upload-size=-1",
        "--max-storage-objects=-1", "--per-chart-limit=-1", "--index-limit=-1",
        "--cache-interval=-5m", "--storage-timestamp-tolerance=-1s", "--cache-interval=9999999h",
        "--port=99999999999999999999"}) {
    EXPECT_THAT(problem({argument}), HasSubstr(" is not a")) << argument;
  }
}

TEST_F(OptionsTest, refuses_paths_and_urls_that_cannot_work) {
  EXPECT_THAT(problem({"--context-path=/a/../b"}),
              StartsWith("--context-path: \"/a/../b\" is no path"));
  EXPECT_THAT(problem({"--chart-url=example.com"}),
              StartsWith("--chart-url: \"example.com\" is no URL"));
}

TEST_F(OptionsTest, refuses_to_print_the_index_of_many_repositories) {
  EXPECT_THAT(problem({"--gen-index", "--depth=1"}), StartsWith("--gen-index"));
  EXPECT_THAT(problem({"--gen-index", "--depth-dynamic"}), StartsWith("--gen-index"));
}

TEST_F(OptionsTest, warns_of_a_depth_beside_a_dynamic_one) {
  EXPECT_THAT(options({"--depth=1", "--depth-dynamic"}).warnings,
              ElementsAre("--depth has no effect beside --depth-dynamic"));
}

TEST_F(OptionsTest, refuses_form_fields_that_cannot_be_told_apart) {
  EXPECT_THAT(problem({"--chart-post-form-field-name=prov"}), HasSubstr("different names"));
  EXPECT_THAT(problem({"--prov-post-form-field-name=chart"}), HasSubstr("different names"));
  EXPECT_THAT(problem({"--chart-post-form-field-name=x", "--prov-post-form-field-name=x"}),
              HasSubstr("different names"));
  EXPECT_EQ(options({"--chart-post-form-field-name="}).api.chart_field, "chart");
}

// ---- Artifact Hub

TEST_F(OptionsTest, takes_a_plain_artifact_hub_id_at_depth_0) {
  using Ids = std::map<std::string, std::string>;
  EXPECT_EQ(options({"--artifact-hub-repo-id=id-1"}).api.artifact_hub_ids, (Ids{{"", "id-1"}}));
  environment_["ARTIFACT_HUB_REPO_ID"] = "id-2";
  EXPECT_EQ(options().api.artifact_hub_ids, (Ids{{"", "id-2"}}));
}

TEST_F(OptionsTest, takes_artifact_hub_ids_by_repository) {
  using Ids = std::map<std::string, std::string>;
  const Ids wanted{{"org1", "id-1"}, {"org2", "id-2"}};
  EXPECT_EQ(
      options({"--depth=1", "--artifact-hub-repo-id=org1=id-1", "--artifact-hub-repo-id=org2=id-2"})
          .api.artifact_hub_ids,
      wanted);
  EXPECT_EQ(
      options({"--depth=1", "--artifact-hub-repo-id=org1=id-1,/org2/=id-2"}).api.artifact_hub_ids,
      wanted);
  environment_["ARTIFACT_HUB_REPO_ID"] = "org1=id-1,org2=id-2";
  EXPECT_EQ(options({"--depth=1"}).api.artifact_hub_ids, wanted);
  environment_.clear();
  file_ = "artifact-hub-repo-id:\n  org1: id-1\n  org2: id-2\n";
  EXPECT_EQ(options({"--depth=1"}).api.artifact_hub_ids, wanted);
}

TEST_F(OptionsTest, warns_of_artifact_hub_ids_that_no_repository_has) {
  EXPECT_THAT(options({"--artifact-hub-repo-id=org1=id-1"}).warnings,
              ElementsAre(HasSubstr("names no repository at --depth=0")));
  EXPECT_THAT(options({"--depth=1", "--artifact-hub-repo-id=id-1"}).warnings,
              ElementsAre(HasSubstr("names no repository at --depth=1")));
  EXPECT_THAT(options({"--depth-dynamic", "--artifact-hub-repo-id=a/b/c=id-1"}).warnings,
              IsEmpty());
}

TEST_F(OptionsTest, refuses_artifact_hub_ids_that_are_none) {
  for (const char* id : {"org1=", "=", "a\nb", "a,,b"}) {
    EXPECT_THAT(problem({std::string("--artifact-hub-repo-id=") + id}),
                HasSubstr("is neither <id> nor"))
        << id;
  }
}

// ---- texts

TEST_F(OptionsTest, prints_help_and_version_whatever_else_is_set) {
  environment_["DEPTH"] = "deep";
  const auto printed = [&](const char* argument) {
    const auto read = result({argument});
    return read && std::holds_alternative<Printout>(*read) ? std::get<Printout>(*read).text
                                                           : std::string();
  };
  EXPECT_THAT(printed("--help"), HasSubstr("Usage:"));
  EXPECT_THAT(printed("--version"), StartsWith("ChartMuseum version "));
}

TEST_F(OptionsTest, points_to_help_in_every_error) {
  EXPECT_THAT(problem({"--frobnicate"}), HasSubstr("\nchartmuseum --help lists every option."));
}

TEST_F(OptionsTest, never_shows_a_secret) {
  constexpr const char* kSecret = "hunter2";
  for (const Option& option : option_table()) {
    if (!option.secret) continue;
    EXPECT_THAT(problem({"--" + std::string(option.flag) + "=" + kSecret}),
                Not(HasSubstr(kSecret)));
    environment_ = {{std::string(option.variable), kSecret}};
    EXPECT_THAT(problem({}), Not(HasSubstr(kSecret)));
    environment_.clear();
    file_ = std::string(option.key) + ": " + kSecret + "\n";
    EXPECT_THAT(problem({}), Not(HasSubstr(kSecret)));
    file_ = std::string(option.key) + ": [" + kSecret + "]\n";
    EXPECT_THAT(problem({}), Not(HasSubstr(kSecret)));
    file_.clear();
  }
}

TEST_F(OptionsTest, knows_which_options_are_secrets) {
  for (const Option& option : option_table()) {
    const bool named_so = option.flag.ends_with("-pass") || option.flag.ends_with("-password");
    EXPECT_EQ(option.secret, named_so) << option.flag;
  }
}

}  // namespace
}  // namespace chartmuseum::options

// SPDX-License-Identifier: Apache-2.0
#include "options/option.hpp"

#include <array>
#include <limits>
#include <utility>

namespace chartmuseum::options {

namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr std::int64_t kAny = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kOneYear = 365 * 24 * 3600;  // in seconds: as good as for ever

// One shape of row for each type.

constexpr Option flag(Theme theme, std::string_view name, std::string_view variable,
                      std::string_view key, std::string_view help, void (*store)(Draft&, bool)) {
  return {name, variable, key, Type::boolean, "false", theme, "", help, StoreBool{store}};
}

/// One that is on unless it is switched off.
constexpr Option switch_on(Theme theme, std::string_view name, std::string_view variable,
                           std::string_view key, std::string_view help,
                           void (*store)(Draft&, bool)) {
  return {name, variable, key, Type::boolean, "true", theme, "", help, StoreBool{store}};
}

struct Range {
  std::int64_t least;
  std::int64_t most;
};

constexpr Option number(Theme theme, std::string_view name, std::string_view variable,
                        std::string_view key, std::string_view default_value,
                        std::string_view placeholder, Range range, std::string_view help,
                        void (*store)(Draft&, std::int64_t)) {
  return {name,
          variable,
          key,
          Type::whole_number,
          default_value,
          theme,
          placeholder,
          help,
          StoreNumber{store, range.least, range.most}};
}

constexpr Option duration(Theme theme, std::string_view name, std::string_view variable,
                          std::string_view key, std::string_view default_value,
                          std::string_view help, void (*store)(Draft&, nanoseconds)) {
  return {name,  variable,     key,  Type::duration,      default_value,
          theme, "<duration>", help, StoreDuration{store}};
}

constexpr Option text(Theme theme, std::string_view name, std::string_view variable,
                      std::string_view key, std::string_view default_value,
                      std::string_view placeholder, std::string_view help,
                      void (*store)(Draft&, std::string)) {
  return {name,  variable,    key,  Type::string,      default_value,
          theme, placeholder, help, StoreString{store}};
}

constexpr Option secret(Theme theme, std::string_view name, std::string_view variable,
                        std::string_view key, std::string_view placeholder, std::string_view help,
                        void (*store)(Draft&, std::string)) {
  return {name, variable,           key, Type::string, "", theme, placeholder,
          help, StoreString{store}, {},  true};
}

constexpr Option later(Theme theme, std::string_view name, std::string_view variable,
                       std::string_view key, Type type, std::string_view default_value,
                       std::string_view feature, std::string_view help, bool secret = false) {
  const std::string_view placeholder = type == Type::boolean ? "" : "<value>";
  return {name, variable,        key, type,  default_value, theme, placeholder,
          help, NotYet{feature}, {},  secret};
}

/// A text of a storage backend that is not there yet.
constexpr Option cloud(std::string_view name, std::string_view variable, std::string_view key,
                       std::string_view feature, std::string_view help,
                       std::string_view default_value = "") {
  return later(Theme::cloud, name, variable, key, Type::string, default_value, feature, help);
}

std::size_t count(std::int64_t number) {
  return static_cast<std::size_t>(number);
}

constexpr std::string_view kAlibaba = "the alibaba storage backend";
constexpr std::string_view kBaidu = "the baidu storage backend";
constexpr std::string_view kEtcd = "the etcd storage backend";
constexpr std::string_view kOpenstack = "the openstack storage backend";
constexpr std::string_view kOracle = "the oracle storage backend";
constexpr std::string_view kTencent = "the tencent storage backend";
constexpr std::string_view kRedis = "the Redis cache";

// clang-format off
const std::array kTable{
    // ---- server
    Option{"config", "CONFIG", "", Type::string, "", Theme::server, "<file>",
           "YAML file with options, by the keys of docs/options.md.", Inert{}, "c"},
    text(Theme::server, "listen-host", "LISTEN_HOST", "listen.host", "0.0.0.0", "<address>",
         "Address to listen on; 127.0.0.1 for this machine only.",
         [](Draft& d, std::string v) { d.options.server.host = std::move(v); }),
    number(Theme::server, "port", "PORT", "port", "8080", "<port>", {0, 65535},
           "Port to listen on; 0 for any free one.",
           [](Draft& d, std::int64_t v) { d.options.server.port = static_cast<std::uint16_t>(v); }),
    text(Theme::server, "context-path", "CONTEXT_PATH", "contextpath", "", "<path>",
         "Path before every route, such as /charts, for a server behind a proxy.",
         [](Draft& d, std::string v) { d.options.api.context_path = std::move(v); }),
    number(Theme::server, "read-timeout", "READ_TIMEOUT", "readtimeout", "30", "<seconds>",
           {0, kOneYear}, "Time that a client has to send a whole request; 0 for no limit.",
           [](Draft& d, std::int64_t v) { d.options.server.read_timeout = seconds(v); }),
    number(Theme::server, "write-timeout", "WRITE_TIMEOUT", "writetimeout", "30", "<seconds>",
           {0, kOneYear}, "Time that a client has to take a response; 0 for no limit.",
           [](Draft& d, std::int64_t v) { d.options.server.write_timeout = seconds(v); }),
    text(Theme::server, "web-template-path", "WEB_TEMPLATE_PATH", "web-template-path", "",
         "<folder>", "Folder with your own welcome page: index.html, and files below static/.",
         [](Draft& d, std::string v) { d.options.api.web_template_path = std::move(v); }),

    // ---- storage
    text(Theme::storage, "storage", "STORAGE", "storage.backend", "", "<backend>",
         "Where packages are kept: local, amazon, google or microsoft. May be left out for a local folder.",
         [](Draft& d, std::string v) { d.storage = std::move(v); }),
    text(Theme::storage, "storage-local-rootdir", "STORAGE_LOCAL_ROOTDIR", "storage.local.rootdir",
         "", "<folder>", "Folder of the packages. It may be changed by hand at any time.",
         [](Draft& d, std::string v) { d.local.root = std::move(v); }),
    duration(Theme::storage, "storage-timestamp-tolerance", "STORAGE_TIMESTAMP_TOLERANCE",
             "storage.timestamptolerance", "0s",
             "Difference in time up to which a stored file counts as unchanged.",
             [](Draft& d, nanoseconds v) { d.options.repository.timestamp_tolerance = v; }),
    flag(Theme::storage, "storage-redirect", "STORAGE_REDIRECT", "storage.redirect",
         "Send downloads of packages to the storage itself (302), by URLs that are valid for five minutes. "
         "Cloud storage only.",
         [](Draft& d, bool v) { d.options.api.storage_redirect = v; }),
    text(Theme::storage, "package-cache-dir", "PACKAGE_CACHE_DIR", "packagecache.dir", "", "<folder>",
         "Folder for packages that were fetched from cloud storage lately, besides those in memory. For this "
         "server alone.",
         [](Draft& d, std::string v) { d.options.package_cache.folder = std::move(v); }),
    number(Theme::storage, "package-cache-size", "PACKAGE_CACHE_SIZE", "packagecache.size", "", "<bytes>",
           {0, kAny},
           "What these packages may take in that folder (1 GiB unless given) or, without one, in memory "
           "(64 MiB); 0 keeps none there.",
           [](Draft& d, std::int64_t v) { d.package_cache_size = count(v); }),

    // ---- tenants
    number(Theme::tenants, "depth", "DEPTH", "depth", "0", "<levels>", {0, 64},
           "Levels of a repository's name: 0 for one repository, 1 for /org1, 2 for /org1/team1.",
           [](Draft& d, std::int64_t v) { d.options.api.depth = count(v); }),
    flag(Theme::tenants, "depth-dynamic", "DEPTH_DYNAMIC", "depthdynamic",
         "Let repositories have names of any number of levels.",
         [](Draft& d, bool v) { d.options.api.depth_dynamic = v; }),
    Option{"artifact-hub-repo-id", "ARTIFACT_HUB_REPO_ID", "artifact-hub-repo-id", Type::key_value,
           "", Theme::tenants, "[<repo>=]<id>",
           "Artifact Hub ID to serve as artifacthub-repo.yml. With --depth, one for each "
           "repository: org1=<id>; repeat it, or separate with commas.",
           StoreKeyValues{[](Draft& d, std::vector<std::string> v) { d.artifact_hub_ids = std::move(v); }}},

    // ---- pushing and deleting
    flag(Theme::pushing, "allow-overwrite", "ALLOW_OVERWRITE", "allowoverwrite",
         "Let a push replace a version that is already there, without ?force.",
         [](Draft& d, bool v) { d.options.repository.allow_overwrite = v; }),
    flag(Theme::pushing, "disable-force-overwrite", "DISABLE_FORCE_OVERWRITE",
         "disableforceoverwrite", "Ignore ?force: no push replaces a version.",
         [](Draft& d, bool v) { d.options.repository.allow_force_overwrite = !v; }),
    flag(Theme::pushing, "enforce-semver2", "ENFORCE_SEMVER2", "enforce-semver2",
         "Refuse pushed versions that are not strict SemVer 2, such as 1.0 or v1.0.0.",
         [](Draft& d, bool v) { d.options.repository.enforce_semver2 = v; }),
    number(Theme::pushing, "max-upload-size", "MAX_UPLOAD_SIZE", "maxuploadsize", "20971520",
           "<bytes>", {1, kAny}, "Largest body of a push; the default is 20 MiB.",
           [](Draft& d, std::int64_t v) { d.options.api.max_upload_size = count(v); }),
    number(Theme::pushing, "max-storage-objects", "MAX_STORAGE_OBJECTS", "maxstorageobjects", "0",
           "<count>", {0, kAny},
           "Most packages and provenance files in one repository; 0 for no limit.",
           [](Draft& d, std::int64_t v) { d.options.repository.max_storage_objects = count(v); }),
    number(Theme::pushing, "per-chart-limit", "PER_CHART_LIMIT", "per-chart-limit", "0", "<count>",
           {0, kAny},
           "Versions kept of one chart: a push beyond DELETES the oldest one; 0 for no limit.",
           [](Draft& d, std::int64_t v) { d.options.repository.per_chart_limit = count(v); }),
    text(Theme::pushing, "chart-post-form-field-name", "CHART_POST_FORM_FIELD_NAME",
         "chartpostformfieldname", "chart", "<name>",
         "Form field that holds the package, besides \"chart\".",
         [](Draft& d, std::string v) { d.options.api.chart_field = std::move(v); }),
    text(Theme::pushing, "prov-post-form-field-name", "PROV_POST_FORM_FIELD_NAME",
         "provpostformfieldname", "prov", "<name>",
         "Form field that holds the provenance file, besides \"prov\".",
         [](Draft& d, std::string v) { d.options.api.provenance_field = std::move(v); }),
    flag(Theme::pushing, "disable-api", "DISABLE_API", "disableapi",
         "Serve no route below /api: nothing can be pushed, deleted or queried.",
         [](Draft& d, bool v) { d.options.api.enable_api = !v; }),
    flag(Theme::pushing, "disable-delete", "DISABLE_DELETE", "disabledelete",
         "Let nobody delete a version.",
         [](Draft& d, bool v) { d.options.api.enable_delete = !v; }),

    // ---- index
    text(Theme::index, "chart-url", "CHART_URL", "charturl", "", "<url>",
         "Makes the URLs in index.yaml absolute: https://charts.example.com.",
         [](Draft& d, std::string v) { d.options.repository.chart_url = std::move(v); }),
    flag(Theme::index, "json-index", "JSON_INDEX", "json-index",
         "Write index.yaml as JSON, which is YAML too and which Helm reads several times as fast.",
         [](Draft& d, bool v) { d.options.repository.json_index = v; }),
    flag(Theme::index, "gen-index", "GEN_INDEX", "genindex",
         "Print index.yaml to stdout and exit; only with --depth=0.",
         [](Draft& d, bool v) { d.options.gen_index = v; }),
    duration(Theme::index, "cache-interval", "CACHE_INTERVAL", "cacheinterval", "5m",
             "How often the index is compared with the whole storage, in the background. A folder's "
             "changes are noticed at once besides; of a bucket, those made by others are noticed "
             "then, or with 0 by a list before every answer.",
             [](Draft& d, nanoseconds v) { d.options.repository.cache_interval = v; }),
    number(Theme::index, "index-limit", "INDEX_LIMIT", "indexlimit", "0", "<count>", {0, kAny},
           "Packages read at a time while indexing; 0 for what suits the storage: one per worker "
           "from a folder, 64 from a bucket.",
           [](Draft& d, std::int64_t v) { d.options.repository.parallel_fetches = count(v); }),
    flag(Theme::index, "always-regenerate-chart-index", "ALWAYS_REGENERATE_CHART_INDEX",
         "always-regenerate-chart-index",
         "Compare with the storage before every answer. Slow, and hardly ever needed.",
         [](Draft& d, bool v) { d.options.repository.always_regenerate = v; }),
    flag(Theme::index, "disable-statefiles", "DISABLE_STATEFILES", "disablestatefiles",
         "Neither read nor write index-cache.yaml, which makes a restart fast.",
         [](Draft& d, bool v) { d.options.repository.statefiles = !v; }),

    // ---- logging
    flag(Theme::logging, "debug", "DEBUG", "debug", "Log more: what is fetched, indexed and why.",
         [](Draft& d, bool v) { d.options.log.debug = v; }),
    flag(Theme::logging, "log-json", "LOG_JSON", "logjson", "Log lines are JSON.",
         [](Draft& d, bool v) { d.options.log.json = v; }),
    flag(Theme::logging, "log-health", "LOG_HEALTH", "loghealth", "Log requests of /health too.",
         [](Draft& d, bool v) { d.options.api.log_health = v; }),
    flag(Theme::logging, "log-latency-integer", "LOG_LATENCY_INTEGER", "loglatencyinteger",
         "Log latencies as whole nanoseconds instead of 1.5ms.",
         [](Draft& d, bool v) { d.options.server.log_latency_integer = v; }),

    // ---- metrics
    later(Theme::metrics, "enable-metrics", "ENABLE_METRICS", "enablemetrics", Type::boolean,
          "false", "Prometheus metrics", "Serve Prometheus metrics at /metrics."),
    Option{"disable-metrics", "DISABLE_METRICS", "disablemetrics", Type::boolean, "false",
           Theme::metrics, "", "Without effect: metrics are off unless they are switched on.", Inert{}},

    // ---- access
    text(Theme::access, "basic-auth-user", "BASIC_AUTH_USER", "basicauth.user", "", "<name>",
         "User name of the one login; with --basic-auth-pass or --basic-auth-pass-file.",
         [](Draft& d, std::string v) { d.options.access.user = std::move(v); }),
    secret(Theme::access, "basic-auth-pass", "BASIC_AUTH_PASS", "basicauth.pass", "<password>",
           "Its password. In a file nobody sees it in the list of processes.",
           [](Draft& d, std::string v) { d.options.access.password = auth::Secret(v); }),
    text(Theme::access, "basic-auth-pass-file", "BASIC_AUTH_PASS_FILE", "basicauth.passfile", "",
         "<file>", "File that holds the password.",
         [](Draft& d, std::string v) { d.options.access.password_file = std::move(v); }),
    text(Theme::access, "auth-htpasswd", "AUTH_HTPASSWD", "authhtpasswd", "", "<file>",
         "File with a line user:hash for each user, as htpasswd -B writes it. Read again when it changes.",
         [](Draft& d, std::string v) { d.options.access.htpasswd_file = std::move(v); }),
    text(Theme::access, "auth-policy", "AUTH_POLICY", "authpolicy", "", "<file>",
         "YAML file that says who may pull, push and delete where; see docs/auth.md. Read again when it changes.",
         [](Draft& d, std::string v) { d.options.access.policy_file = std::move(v); }),
    flag(Theme::access, "auth-anonymous-get", "AUTH_ANONYMOUS_GET", "authanonymousget",
         "Let everybody pull; only pushes and deletions need credentials.",
         [](Draft& d, bool v) { d.options.access.anonymous_pull = v; }),
    flag(Theme::access, "bearer-auth", "BEARER_AUTH", "bearerauth",
         "Take bearer tokens (JWT), also as the password of a login.",
         [](Draft& d, bool v) { d.options.access.bearer = v; }),
    text(Theme::access, "auth-realm", "AUTH_REALM", "authrealm", "", "<url>",
         "Service that gives out tokens, for the challenge of a 401.",
         [](Draft& d, std::string v) { d.options.access.realm = std::move(v); }),
    text(Theme::access, "auth-service", "AUTH_SERVICE", "authservice", "", "<name>",
         "Name of this server for that service, and the audience of OpenID Connect tokens.",
         [](Draft& d, std::string v) { d.options.access.service = std::move(v); }),
    text(Theme::access, "auth-cert-path", "AUTH_CERT_PATH", "authcertpath", "", "<files>",
         "PEM files, separated by commas, with the public keys or certificates that tokens are signed "
         "with. Read again when they change.",
         [](Draft& d, std::string v) { d.auth_cert_path = std::move(v); }),
    text(Theme::access, "auth-oidc-issuer", "AUTH_OIDC_ISSUER", "authoidcissuer", "", "<url>",
         "Instead: an OpenID Connect issuer, whose keys are fetched. Needs --auth-service.",
         [](Draft& d, std::string v) { d.options.access.issuer = std::move(v); }),
    text(Theme::access, "auth-actions-search-path", "AUTH_ACTIONS_SEARCH_PATH",
         "authactionssearchpath", "", "<expression>",
         "JMESPath expression that finds the allowed actions in a token's claims, with $NAMESPACE for the repository.",
         [](Draft& d, std::string v) { d.options.access.actions_search_path = std::move(v); }),
    text(Theme::access, "tls-cert", "TLS_CERT", "tls.cert", "", "<file>",
         "Serve HTTPS with this certificate, followed by those up to its authority; PEM. With --tls-key.",
         [](Draft& d, std::string v) { d.options.server.tls.certificate = std::move(v); }),
    text(Theme::access, "tls-key", "TLS_KEY", "tls.key", "", "<file>",
         "Private key of --tls-cert, not encrypted; PEM.",
         [](Draft& d, std::string v) { d.options.server.tls.key = std::move(v); }),
    text(Theme::access, "tls-ca-cert", "TLS_CA_CERT", "tls.cacert", "", "<file>",
         "Let nobody in without a client certificate that one of these authorities signed; PEM.",
         [](Draft& d, std::string v) { d.options.server.tls.client_authorities = std::move(v); }),
    text(Theme::access, "trusted-proxies", "TRUSTED_PROXIES", "trusted-proxies", "", "<networks>",
         "Addresses or networks of your reverse proxies, such as 10.0.0.0/8, separated by commas: whose "
         "X-Forwarded-For is believed.",
         [](Draft& d, std::string v) { d.trusted_proxies = std::move(v); }),
    text(Theme::access, "cors-alloworigin", "CORS_ALLOW_ORIGIN", "cors.alloworigin", "", "<origin>",
         "Let web pages of this origin (or *) use the routes below /api.",
         [](Draft& d, std::string v) { d.options.api.cors_allow_origin = std::move(v); }),

    // ---- cloud storage
    cloud("storage-alibaba-bucket", "STORAGE_ALIBABA_BUCKET", "storage.alibaba.bucket", kAlibaba, "OSS bucket."),
    cloud("storage-alibaba-endpoint", "STORAGE_ALIBABA_ENDPOINT", "storage.alibaba.endpoint", kAlibaba, "OSS endpoint."),
    cloud("storage-alibaba-prefix", "STORAGE_ALIBABA_PREFIX", "storage.alibaba.prefix", kAlibaba, "Prefix of all keys."),
    cloud("storage-alibaba-sse", "STORAGE_ALIBABA_SSE", "storage.alibaba.sse", kAlibaba, "Server-side encryption: AES256 or KMS."),
    text(Theme::cloud, "storage-amazon-bucket", "STORAGE_AMAZON_BUCKET", "storage.amazon.bucket", "", "<name>",
         "S3 bucket.",
         [](Draft& d, std::string v) { d.amazon.bucket = std::move(v); }),
    text(Theme::cloud, "storage-amazon-endpoint", "STORAGE_AMAZON_ENDPOINT", "storage.amazon.endpoint", "", "<url>",
         "Endpoint of an S3-compatible service; https unless it says otherwise.",
         [](Draft& d, std::string v) { d.amazon.endpoint = std::move(v); }),
    switch_on(Theme::cloud, "storage-amazon-force-path-style", "STORAGE_AMAZON_FORCE_PATH_STYLE",
              "storage.amazon.forcepathstyle",
              "Put the bucket into the path instead of the host's name. On unless it is false.",
              [](Draft& d, bool v) { d.amazon.force_path_style = v; }),
    text(Theme::cloud, "storage-amazon-prefix", "STORAGE_AMAZON_PREFIX", "storage.amazon.prefix", "", "<path>",
         "Prefix of all keys.",
         [](Draft& d, std::string v) { d.amazon.prefix = std::move(v); }),
    text(Theme::cloud, "storage-amazon-region", "STORAGE_AMAZON_REGION", "storage.amazon.region", "", "<name>",
         "Region of the bucket.",
         [](Draft& d, std::string v) { d.amazon.region = std::move(v); }),
    text(Theme::cloud, "storage-amazon-sse", "STORAGE_AMAZON_SSE", "storage.amazon.sse", "", "<algorithm>",
         "Server-side encryption: AES256 or aws:kms.",
         [](Draft& d, std::string v) { d.amazon.sse = std::move(v); }),
    text(Theme::cloud, "storage-amazon-sse-kms-key-id", "STORAGE_AMAZON_SSE_KMS_KEY_ID",
         "storage.amazon.ssekmskeyid", "", "<key>",
         "Key for --storage-amazon-sse=aws:kms, if not the bucket's own.",
         [](Draft& d, std::string v) { d.amazon.kms_key_id = std::move(v); }),
    cloud("storage-baidu-bucket", "STORAGE_BAIDU_BUCKET", "storage.baidu.bucket", kBaidu, "BOS bucket."),
    cloud("storage-baidu-endpoint", "STORAGE_BAIDU_ENDPOINT", "storage.baidu.endpoint", kBaidu, "BOS endpoint."),
    cloud("storage-baidu-prefix", "STORAGE_BAIDU_PREFIX", "storage.baidu.prefix", kBaidu, "Prefix of all keys."),
    cloud("storage-etcd-cafile", "STORAGE_ETCD_CAFILE", "storage.etcd.cafile", kEtcd, "Certificates that may sign the server's, PEM."),
    cloud("storage-etcd-certfile", "STORAGE_ETCD_CERTFILE", "storage.etcd.certfile", kEtcd, "Client certificate, PEM."),
    cloud("storage-etcd-endpoint", "STORAGE_ETCD_ENDPOINT", "storage.etcd.endpoint", kEtcd, "Endpoints, separated by commas.", "http://localhost:2379"),
    cloud("storage-etcd-keyfile", "STORAGE_ETCD_KEYFILE", "storage.etcd.keyfile", kEtcd, "Key of the client certificate, PEM."),
    cloud("storage-etcd-prefix", "STORAGE_ETCD_PREFIX", "storage.etcd.prefix", kEtcd, "Prefix of all keys."),
    text(Theme::cloud, "storage-google-bucket", "STORAGE_GOOGLE_BUCKET", "storage.google.bucket", "", "<name>",
         "Cloud Storage bucket.",
         [](Draft& d, std::string v) { d.google.bucket = std::move(v); }),
    text(Theme::cloud, "storage-google-prefix", "STORAGE_GOOGLE_PREFIX", "storage.google.prefix", "", "<path>",
         "Prefix of all keys.",
         [](Draft& d, std::string v) { d.google.prefix = std::move(v); }),
    text(Theme::cloud, "storage-microsoft-container", "STORAGE_MICROSOFT_CONTAINER", "storage.microsoft.container", "", "<name>",
         "Azure Blob container.",
         [](Draft& d, std::string v) { d.microsoft.container = std::move(v); }),
    text(Theme::cloud, "storage-microsoft-prefix", "STORAGE_MICROSOFT_PREFIX", "storage.microsoft.prefix", "", "<path>",
         "Prefix of all names.",
         [](Draft& d, std::string v) { d.microsoft.prefix = std::move(v); }),
    cloud("storage-openstack-auth", "STORAGE_OPENSTACK_AUTH", "storage.openstack.auth", kOpenstack, "Authentication: auto (v2, v3) or v1.", "auto"),
    cloud("storage-openstack-cacert", "STORAGE_OPENSTACK_CACERT", "storage.openstack.cacert", kOpenstack, "Certificates that may sign the service's, PEM."),
    cloud("storage-openstack-container", "STORAGE_OPENSTACK_CONTAINER", "storage.openstack.container", kOpenstack, "Swift container."),
    cloud("storage-openstack-prefix", "STORAGE_OPENSTACK_PREFIX", "storage.openstack.prefix", kOpenstack, "Prefix of all keys."),
    cloud("storage-openstack-region", "STORAGE_OPENSTACK_REGION", "storage.openstack.region", kOpenstack, "Region of the container."),
    cloud("storage-oracle-bucket", "STORAGE_ORACLE_BUCKET", "storage.oracle.bucket", kOracle, "Object Storage bucket."),
    cloud("storage-oracle-compartmentid", "STORAGE_ORACLE_COMPARTMENTID", "storage.oracle.compartmentid", kOracle, "OCID of the compartment."),
    cloud("storage-oracle-prefix", "STORAGE_ORACLE_PREFIX", "storage.oracle.prefix", kOracle, "Prefix of all keys."),
    cloud("storage-oracle-region", "STORAGE_ORACLE_REGION", "storage.oracle.region", kOracle, "Region of the bucket."),
    cloud("storage-tencent-bucket", "STORAGE_TENCENT_BUCKET", "storage.tencent.bucket", kTencent, "COS bucket."),
    cloud("storage-tencent-endpoint", "STORAGE_TENCENT_ENDPOINT", "storage.tencent.endpoint", kTencent, "COS endpoint."),
    cloud("storage-tencent-prefix", "STORAGE_TENCENT_PREFIX", "storage.tencent.prefix", kTencent, "Prefix of all keys."),

    // ---- shared cache
    text(Theme::cache, "cache", "CACHE", "cache.store", "", "<store>",
         "Share indexes between servers through a cache: redis.",
         [](Draft& d, std::string v) { d.cache = std::move(v); }),
    later(Theme::cache, "cache-redis-addr", "CACHE_REDIS_ADDR", "cache.redis.addr", Type::string, "",
          kRedis, "Address of the Redis server, host:port."),
    later(Theme::cache, "cache-redis-db", "CACHE_REDIS_DB", "cache.redis.db", Type::whole_number,
          "0", kRedis, "Number of the database."),
    later(Theme::cache, "cache-redis-password", "CACHE_REDIS_PASSWORD", "cache.redis.password",
          Type::string, "", kRedis, "Password of the Redis server.", true),
};
// clang-format on

}  // namespace

std::span<const Option> option_table() {
  return kTable;
}

}  // namespace chartmuseum::options

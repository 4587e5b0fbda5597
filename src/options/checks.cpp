// SPDX-License-Identifier: Apache-2.0
#include "options/checks.hpp"

#include "base/ascii.hpp"
#include "options/access_checks.hpp"
#include "options/storage_checks.hpp"
#include "options/values.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <variant>

namespace chartmuseum::options {

namespace {

using Check = std::optional<UsageError>;

Check check_urls(Options& options) {
  const auto path = normalise_context_path(options.api.context_path);
  if (!path) {
    return UsageError{"--context-path: " + printable(options.api.context_path) +
                      " is no path that requests can begin with; write it like /charts, plain and "
                      "without ., .., // or %"};
  }
  options.api.context_path = *path;
  options.repository.context_path = *path;

  if (options.repository.chart_url.empty()) return std::nullopt;
  const auto url = normalise_chart_url(options.repository.chart_url);
  if (!url) {
    return UsageError{"--chart-url: " + printable(options.repository.chart_url) +
                      " is no URL that packages can be below; write it like "
                      "https://charts.example.com, without ? or #"};
  }
  options.repository.chart_url = *url;
  return std::nullopt;
}

Check check_depth(Options& options) {
  if (options.gen_index && (options.api.depth > 0 || options.api.depth_dynamic)) {
    return UsageError{
        "--gen-index prints the index of one repository and works with --depth=0 only"};
  }
  if (options.api.depth > 0 && options.api.depth_dynamic) {
    options.warnings.emplace_back("--depth has no effect beside --depth-dynamic");
  }
  return std::nullopt;
}

/// The fields "chart" and "prov" are always known, whatever else is asked for.
Check check_form_fields(api::Settings& api) {
  if (api.chart_field.empty()) api.chart_field = "chart";
  if (api.provenance_field.empty()) api.provenance_field = "prov";
  if (api.chart_field == api.provenance_field || api.chart_field == "prov" ||
      api.provenance_field == "chart") {
    return UsageError{
        "--chart-post-form-field-name and --prov-post-form-field-name: packages and provenance "
        "files need fields of different names, and \"chart\" and \"prov\" keep their meaning"};
  }
  return std::nullopt;
}

Check add_artifact_hub_id(std::string_view text, Options& options) {
  const std::size_t equals = text.find('=');
  const bool named = equals != std::string_view::npos;
  std::string_view repository = named ? text.substr(0, equals) : std::string_view();
  while (repository.starts_with('/')) repository.remove_prefix(1);
  while (repository.ends_with('/')) repository.remove_suffix(1);
  const std::string_view id = named ? text.substr(equals + 1) : text;
  if (id.empty() || has_control_character(text)) {
    return UsageError{"--artifact-hub-repo-id: " + printable(text) +
                      " is neither <id> nor <repository>=<id>"};
  }
  const auto segments = repository.empty() ? 0 : 1 + std::ranges::count(repository, '/');
  if (!options.api.depth_dynamic && std::cmp_not_equal(segments, options.api.depth)) {
    options.warnings.push_back(
        "--artifact-hub-repo-id: " + printable(text) +
        " names no repository at --depth=" + std::to_string(options.api.depth));
  }
  options.api.artifact_hub_ids[std::string(repository)] = id;
  return std::nullopt;
}

/// Several entries may come as one text, with commas: the environment has no other way.
Check check_artifact_hub(const Draft& draft, Options& options) {
  for (const std::string& text : draft.artifact_hub_ids) {
    for (const std::string_view entry : split_list(text)) {
      if (auto error = add_artifact_hub_id(entry, options)) return error;
    }
  }
  return std::nullopt;
}

/// Half of it would leave the server open, or be of no effect, where somebody meant it to be safe.
Check check_tls(http::TlsSettings& tls) {
  if (tls.certificate.empty() != tls.key.empty()) {
    const bool key = tls.key.empty();
    return UsageError{std::string(key ? "--tls-cert" : "--tls-key") + " is of no use without " +
                      (key ? "--tls-key" : "--tls-cert") +
                      ": HTTPS takes a certificate and its private key"};
  }
  if (!tls.client_authorities.empty() && !tls.enabled()) {
    return UsageError{
        "--tls-ca-cert asks clients for certificates, which takes HTTPS: "
        "give --tls-cert and --tls-key too"};
  }
  return std::nullopt;
}

Check check_trusted_proxies(const Draft& draft, http::ServerSettings& server) {
  auto proxies = http::TrustedProxies::parse(draft.trusted_proxies);
  if (!proxies) {
    const auto& [part, reason] = proxies.error();
    return UsageError{"--trusted-proxies: " + printable(part) + ' ' + reason};
  }
  server.trusted_proxies = std::move(*proxies);
  return std::nullopt;
}

/// What only makes sense where packages come from far away.
void settle_package_cache(const Draft& draft, Options& options) {
  storage::CachedStoreSettings& cache = options.package_cache;
  if (draft.package_cache_size) {
    (cache.folder.empty() ? cache.memory : cache.folder_size) = *draft.package_cache_size;
  }
  if (!std::holds_alternative<storage::LocalStoreSettings>(options.store)) return;
  const std::pair<bool, std::string_view> given[] = {
      {options.api.storage_redirect, "--storage-redirect"},
      {!cache.folder.empty(), "--package-cache-dir"},
      {draft.package_cache_size.has_value(), "--package-cache-size"}};
  for (const auto& [is_given, flag] : given) {
    if (is_given) {
      options.warnings.push_back(std::string(flag) + " has no effect with local storage");
    }
  }
}

}  // namespace

std::optional<std::string> normalise_context_path(std::string_view path) {
  if (path.find("//") != std::string_view::npos) return std::nullopt;
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  std::string result;
  while (!path.empty()) {
    const std::size_t length = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, length);
    if (segment == "." || segment == "..") return std::nullopt;
    result += '/';
    result += segment;
    path.remove_prefix(std::min(path.size(), length + 1));
  }
  const auto odd = [](char c) {
    return is_control_character(c) ||
           std::string_view(" \"#%<>?\\^`{|}").find(c) != std::string_view::npos;
  };
  if (std::ranges::any_of(result, odd)) return std::nullopt;
  return result;
}

std::optional<std::string> normalise_chart_url(std::string_view url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  const std::size_t colon = url.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string scheme = lower_case(url.substr(0, colon));
  if (scheme != "http" && scheme != "https") return std::nullopt;
  const std::string_view behind = url.substr(colon + 3);
  if (behind.empty() || behind.front() == '/' || behind.front() == ':') return std::nullopt;
  const auto odd = [](char c) {
    return is_control_character(c) ||
           std::string_view(" \"#<>?\\^`{|}").find(c) != std::string_view::npos;
  };
  if (std::ranges::any_of(behind, odd)) return std::nullopt;
  return std::string(url);
}

std::optional<UsageError> refuse_missing_features(std::span<const Given> given) {
  std::string refused;
  const auto refuse = [&](const std::string& place, std::string_view feature) {
    refused += "\n  " + place + ": " + std::string(feature);
  };
  for (const Given& one : given) {
    const std::string& text = one.texts.back();
    const auto backend = one.option->flag == "storage" ? backend_of_later(text) : std::nullopt;
    if (backend) {
      refuse(one.place, "the " + *backend + " storage backend");
    } else if (one.option->flag == "cache" && lower_case(text) == "redis") {
      refuse(one.place, "the Redis cache");
    } else if (const auto* later = std::get_if<NotYet>(&one.option->effect);
               later != nullptr && differs_from_default(one)) {
      refuse(one.place, later->feature);
    }
  }
  if (refused.empty()) return std::nullopt;
  return UsageError{
      "these options belong to features that come with a later version:" + refused +
      "\nRemove them to go on without: charts in a local folder "
      "(--storage-local-rootdir) or in one of the clouds that there are, no metrics."};
}

std::expected<Options, UsageError> finish(Draft draft, const Environment& environment) {
  Options& options = draft.options;
  if (!draft.cache.empty()) {
    return std::unexpected(UsageError{"Unsupported cache store: " + harmless(draft.cache)});
  }
  for (auto& error : {check_storage(draft, environment), check_urls(options), check_depth(options),
                      check_form_fields(options.api), check_artifact_hub(draft, options),
                      check_tls(options.server.tls), check_trusted_proxies(draft, options.server),
                      check_access(draft)}) {
    if (error) return std::unexpected(*error);
  }
  settle_package_cache(draft, options);
  // What may be pushed must also be indexed.
  options.repository.max_package_size =
      std::max(options.repository.max_package_size, options.api.max_upload_size);
  options.api.version = CHARTMUSEUM_VERSION;
  return std::move(draft.options);
}

}  // namespace chartmuseum::options

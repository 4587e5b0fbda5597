// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/endpoint.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <string_view>

namespace chartmuseum::storage::amazon {

namespace {

/// Whether the bucket's name can be a label of a host's name: its rules
/// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html), less the length.
bool is_host_name(std::string_view bucket) {
  const auto is_alphanumeric = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  };
  return !bucket.empty() && is_alphanumeric(bucket.front()) && is_alphanumeric(bucket.back()) &&
         std::ranges::all_of(bucket,
                             [&](char c) { return is_alphanumeric(c) || c == '-' || c == '.'; });
}

bool is_in_domain(std::string_view host, std::string_view domain) {
  return host.ends_with(domain) && host.size() > domain.size() &&
         host[host.size() - domain.size() - 1] == '.';
}

std::string query_of(const QueryParameters& parameters) {
  return parameters.empty() ? std::string() : '?' + query_string(parameters);
}

}  // namespace

std::string domain_of(const std::string& region) {
  if (region.starts_with("cn-")) return "amazonaws.com.cn";
  if (region.starts_with("eusc-")) return "amazonaws.eu";
  return "amazonaws.com";
}

std::expected<Endpoint, std::string> Endpoint::of(const std::string& endpoint,
                                                  const std::string& region,
                                                  const std::string& bucket,
                                                  bool force_path_style) {
  std::string url = endpoint.empty() ? "https://s3." + region + '.' + domain_of(region) : endpoint;
  if (!url.contains("://")) url = "https://" + url;
  const std::size_t scheme_end = url.find("://");
  std::string scheme = url.substr(0, scheme_end);
  std::ranges::transform(scheme, scheme.begin(), ascii_lower);
  const std::size_t host_begin = scheme_end + 3;
  const std::size_t host_end = std::min(url.find('/', host_begin), url.size());
  std::string host = url.substr(host_begin, host_end - host_begin);
  std::ranges::transform(host, host.begin(), ascii_lower);
  std::string path = url.substr(host_end);
  while (path.ends_with('/')) path.pop_back();
  if ((scheme != "http" && scheme != "https") || host.empty() ||
      url.find_first_of("?#@ \t\r\n") != std::string::npos) {
    return std::unexpected(
        "--storage-amazon-endpoint is no URL of a service (https://host:port), or has more than "
        "scheme, host, port and path");
  }
  const std::string_view own_port = scheme == "https" ? ":443" : ":80";
  if (host.ends_with(own_port)) host.resize(host.size() - own_port.size());

  Endpoint made;
  made.service_ = scheme + "://" + host + path;
  const std::string name = host.substr(0, host.rfind(':'));
  made.is_amazon_ = is_in_domain(name, "amazonaws.com") || is_in_domain(name, "amazonaws.com.cn") ||
                    is_in_domain(name, "amazonaws.eu");
  // Amazon's certificates hold for one label below its hosts' names.
  const bool in_host =
      !force_path_style && is_host_name(bucket) && !(scheme == "https" && bucket.contains('.'));
  made.bucket_ = in_host ? scheme + "://" + bucket + '.' + host + path + '/'
                         : made.service_ + '/' + percent_encoded(bucket) + '/';
  return made;
}

std::string Endpoint::bucket_url(const QueryParameters& parameters) const {
  return bucket_ + query_of(parameters);
}

std::string Endpoint::object_url(const std::string& key, const QueryParameters& parameters) const {
  return bucket_ + percent_encoded(key, "/") + query_of(parameters);
}

}  // namespace chartmuseum::storage::amazon

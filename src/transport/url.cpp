// SPDX-License-Identifier: Apache-2.0
#include "transport/url.hpp"

#include "transport/headers.hpp"

#include <algorithm>
#include <cstddef>

namespace chartmuseum::transport {

std::string redacted(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const std::size_t scheme_end = url.find("://");
  const std::size_t authority = scheme_end == std::string_view::npos ? 0 : scheme_end + 3;
  std::string result(url.substr(0, authority));
  std::string_view rest = url.substr(authority);
  // A password with a slash in it is no valid URL, but curl or a person may have meant it so: what
  // stands before the last "@" of all is dropped if one stands in the authority.
  const std::string_view host = rest.substr(0, rest.find('/'));
  if (host.contains('@') || (host.contains(':') && rest.contains('@') &&
                             !std::ranges::all_of(host.substr(host.rfind(':') + 1), [](char c) {
                               return (c >= '0' && c <= '9') || c == ']';
                             }))) {
    rest.remove_prefix(rest.rfind('@') + 1);
  }
  result += rest;
  std::ranges::replace_if(
      result, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; }, '?');
  return result;
}

bool has_scheme(std::string_view url, std::string_view scheme) {
  return url.size() > scheme.size() + 3 &&
         equal_ignoring_case(url.substr(0, scheme.size()), scheme) &&
         url.substr(scheme.size()).starts_with("://");
}

}  // namespace chartmuseum::transport

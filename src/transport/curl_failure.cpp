// SPDX-License-Identifier: Apache-2.0
#include "transport/curl_failure.hpp"

#include <curl/curl.h>

namespace chartmuseum::transport {

FailureKind kind_of_curl_code(int code) {
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_BAD_FUNCTION_ARGUMENT:
    case CURLE_NOT_BUILT_IN:
    case CURLE_UNKNOWN_OPTION:
      return FailureKind::invalid;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return FailureKind::unresolved;
    case CURLE_COULDNT_CONNECT:
    case CURLE_INTERFACE_FAILED:
    case CURLE_PROXY:
      return FailureKind::unreachable;
    case CURLE_OPERATION_TIMEDOUT:
      return FailureKind::timed_out;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_CLIENTCERT:
    case CURLE_USE_SSL_FAILED:
      return FailureKind::tls;
    case CURLE_FILESIZE_EXCEEDED:
      return FailureKind::too_large;
    case CURLE_ABORTED_BY_CALLBACK:
      return FailureKind::cancelled;
    default:
      return FailureKind::broken;
  }
}

std::string_view reason_for(int code, std::string_view said) {
  switch (kind_of_curl_code(code)) {
    case FailureKind::unresolved:
    case FailureKind::unreachable:
    case FailureKind::tls:
    case FailureKind::timed_out:
      if (!said.empty()) return said;
      [[fallthrough]];
    default:
      return curl_easy_strerror(static_cast<CURLcode>(code));
  }
}

std::string_view name_of(FailureKind kind) {
  switch (kind) {
    case FailureKind::invalid:
      return "invalid";
    case FailureKind::busy:
      return "busy";
    case FailureKind::unresolved:
      return "unresolved";
    case FailureKind::unreachable:
      return "unreachable";
    case FailureKind::tls:
      return "tls";
    case FailureKind::timed_out:
      return "timed out";
    case FailureKind::broken:
      return "broken";
    case FailureKind::too_large:
      return "too large";
    case FailureKind::cancelled:
      return "cancelled";
  }
  return "";
}

}  // namespace chartmuseum::transport

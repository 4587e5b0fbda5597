// SPDX-License-Identifier: Apache-2.0
#include "transport/transfer.hpp"

#include "transport/curl_failure.hpp"

#include <curl/curl.h>

#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace chartmuseum::transport {

void Transfer::FreeEasy::operator()(void* easy) const {
  curl_easy_cleanup(easy);
}

void Transfer::FreeList::operator()(void* list) const {
  curl_slist_free_all(static_cast<curl_slist*>(list));
}

/// libcurl copies texts. What it refuses is a mistake of ours, or there is no memory.
template <class Value>
void Transfer::set(int option, Value value) {
  if (curl_easy_setopt(easy_.get(), static_cast<CURLoption>(option), value) != CURLE_OK) {
    throw std::bad_alloc();
  }
}

Transfer::Transfer(std::shared_ptr<Exchange> exchange, const ClientSettings& settings, void* share)
    : exchange_(std::move(exchange)), easy_(curl_easy_init()) {
  static_assert(std::tuple_size_v<decltype(said_)> >= CURL_ERROR_SIZE);
  if (!easy_) throw std::bad_alloc();
  set(CURLOPT_PRIVATE, this);
  set(CURLOPT_SHARE, share);
  set(CURLOPT_ERRORBUFFER, said_.data());
  set(CURLOPT_NOSIGNAL, 1L);
  // A name that is still being resolved when its request is given up must not hold up the others.
  set(CURLOPT_QUICK_EXIT, 1L);
  set_protocol(settings);
  set_tls(settings.tls, exchange_->delivery() == Exchange::Delivery::streamed);
  set_method();
  set_headers();
  set_callbacks();
}

void Transfer::set_protocol(const ClientSettings& settings) {
  const Request& request = exchange_->request();
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, request.redirects > 0 ? 1L : 0L);
  set(CURLOPT_MAXREDIRS, static_cast<long>(request.redirects));
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_USERAGENT, settings.user_agent.c_str());
  // Set even if empty, so that libcurl does not look into the environment itself.
  set(CURLOPT_PROXY, settings.proxies.proxy_for(request.url).c_str());
  set(CURLOPT_NOPROXY, settings.proxies.except.c_str());
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_BUFFERSIZE, 128L * 1024);

  const Timeouts& timeouts = request.timeouts;
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(timeouts.connect.count()));
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(timeouts.stalled.count()));
  set(CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(timeouts.slowest));

  // Over HTTP/2 a stream that waits for its consumer would hold up the others of its connection:
  // this libcurl stops reading from it altogether.
  const bool streamed = exchange_->delivery() == Exchange::Delivery::streamed;
  const bool http2 = settings.http2 && !streamed;
  set(CURLOPT_HTTP_VERSION,
      http2 ? static_cast<long>(CURL_HTTP_VERSION_2TLS) : static_cast<long>(CURL_HTTP_VERSION_1_1));
}

void Transfer::set_tls(const TlsSettings& tls, bool streamed) {
  // Both mean the same; but connections are shared only among handles whose settings are equal, and
  // a stream must not be given one that speaks HTTP/2.
  const auto highest = streamed ? static_cast<long>(CURL_SSLVERSION_MAX_TLSv1_3)
                                : static_cast<long>(CURL_SSLVERSION_MAX_DEFAULT);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2) | highest);
  set(CURLOPT_SSL_VERIFYPEER, tls.verify ? 1L : 0L);
  set(CURLOPT_SSL_VERIFYHOST, tls.verify ? 2L : 0L);
  if (!tls.ca_file.empty()) {
    set(CURLOPT_CAINFO, tls.ca_file.c_str());
    set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  if (!tls.certificate_file.empty()) set(CURLOPT_SSLCERT, tls.certificate_file.c_str());
  if (!tls.key_file.empty()) set(CURLOPT_SSLKEY, tls.key_file.c_str());
}

void Transfer::set_method() {
  const Request& request = exchange_->request();
  const std::string& method = request.method;
  if (method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else if (request.body || method == "PUT" || method == "POST" || method == "PATCH") {
    // An upload is what sends a body as it is, of a known length, and adds no Content-Type.
    const std::uint64_t size = request.body ? request.body->size() : 0;
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(size));
    if (method != "PUT") set(CURLOPT_CUSTOMREQUEST, method.c_str());
  } else if (method != "GET") {
    set(CURLOPT_CUSTOMREQUEST, method.c_str());
  }
}

void Transfer::set_headers() {
  const auto append = [this](const std::string& line) {
    curl_slist* const longer =
        curl_slist_append(static_cast<curl_slist*>(headers_.get()), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    if (!headers_) headers_.reset(longer);  // otherwise it begins where it did
  };
  append("Expect:");  // do not ask before a body is sent: some servers never answer that
  for (const auto& [name, value] : exchange_->request().headers.all()) {
    std::string line = name;
    append(value.empty() ? line.append(";") : line.append(": ").append(value));
  }
  set(CURLOPT_HTTPHEADER, headers_.get());
}

void Transfer::set_callbacks() {
  set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_READFUNCTION, &Transfer::on_read);
  set(CURLOPT_READDATA, this);
  set(CURLOPT_SEEKFUNCTION, &Transfer::on_seek);
  set(CURLOPT_SEEKDATA, this);
}

void Transfer::finish(int code) {
  if (body_unreadable_ && !exchange_->abandoned()) {
    exchange_->finish(
        exchange_->failure(FailureKind::invalid, "the request's body cannot be read"));
  } else if (code == CURLE_OK) {
    exchange_->finish(std::nullopt);
  } else {
    exchange_->finish(exchange_->failure(kind_of_curl_code(code), reason_for(code, said_.data())));
  }
}

void Transfer::resume() {
  curl_easy_pause(easy_.get(), CURLPAUSE_CONT);
}

// No exception may pass through libcurl; the only ones here are for want of memory.

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count,
                                void* transfer) noexcept try {
  const std::string_view line(data, size * count);
  return static_cast<Transfer*>(transfer)->exchange_->add_head_line(line) ? line.size() : 0;
} catch (...) {
  return 0;
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count,
                              void* transfer) noexcept try {
  const std::string_view bytes(data, size * count);
  switch (static_cast<Transfer*>(transfer)->exchange_->add_body(bytes)) {
    case Exchange::Taken::yes:
      return bytes.size();
    case Exchange::Taken::later:
      return CURL_WRITEFUNC_PAUSE;
    case Exchange::Taken::never:
      break;
  }
  return CURL_WRITEFUNC_ERROR;
} catch (...) {
  return CURL_WRITEFUNC_ERROR;
}

std::size_t Transfer::on_read(char* into, std::size_t size, std::size_t count,
                              void* transfer) noexcept try {
  auto& self = *static_cast<Transfer*>(transfer);
  const Request& request = self.exchange_->request();
  if (!request.body || self.sent_ >= request.body->size()) return 0;
  const auto read = self.exchange_->read_body(self.sent_, std::span(into, size * count));
  if (!read) {
    self.body_unreadable_ = true;
    return CURL_READFUNC_ABORT;
  }
  self.sent_ += *read;
  return *read;
} catch (...) {
  return CURL_READFUNC_ABORT;
}

int Transfer::on_seek(void* transfer, std::int64_t offset, int origin) noexcept {
  if (origin != SEEK_SET || offset < 0) return CURL_SEEKFUNC_CANTSEEK;
  static_cast<Transfer*>(transfer)->sent_ = static_cast<std::uint64_t>(offset);
  return CURL_SEEKFUNC_OK;
}

}  // namespace chartmuseum::transport

// SPDX-License-Identifier: Apache-2.0
#include "api/answers.hpp"
#include "api/handlers.hpp"
#include "api/local_file.hpp"
#include "encoding/json_writer.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace chartmuseum::api {

namespace {

constexpr std::string_view kWelcomePage = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Welcome to ChartMuseum!</title>
<style>
  body { max-width: 40em; margin: 4em auto; padding: 0 1em; font: 1rem/1.5 sans-serif; }
  code { background: #eee; padding: 0.1em 0.3em; }
</style>
</head>
<body>
<h1>Welcome to ChartMuseum!</h1>
<p>This server keeps a repository of Helm charts, and it is running.</p>
<p>To use it, give Helm the address of this page:</p>
<p><code>helm repo add chartmuseum &lt;this address&gt;</code></p>
<p>To add a chart, send its package to the API:</p>
<p><code>curl --data-binary @mychart-0.1.0.tgz &lt;this address&gt;/api/charts</code></p>
</body>
</html>
)";

/// What the page may do in a browser (Content Security Policy Level 3): our own needs its styles
/// and nothing else. A page of the operator's may hold anything, but no other site may frame it.
constexpr const char* kOwnPagePolicy =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";
constexpr const char* kForeignPagePolicy =
    "base-uri 'self'; object-src 'none'; frame-ancestors 'self'";

http::Response welcome_page() {
  http::Response response = answer("text/html", std::string(kWelcomePage));
  response.headers.add("Content-Security-Policy", kOwnPagePolicy);
  return response;
}

http::Response file_answer(std::string content_type, LocalFile file) {
  const bool page = content_type.starts_with("text/html");
  http::Response response =
      answer(std::move(content_type), http::FileRange{std::move(file.descriptor), 0, file.size});
  if (page) response.headers.add("Content-Security-Policy", kForeignPagePolicy);
  set_etag(response, file.etag);
  set_last_modified(response, file.modified);
  return response;
}

/// Opens `name` below `folder` on a worker: a file system may block.
Task<std::optional<LocalFile>> open_file(const Application& application,
                                         std::filesystem::path folder, std::string name) {
  std::optional<LocalFile> file;
  co_await application.workers.run([&] { file = open_below(folder, name); });
  co_return file;
}

}  // namespace

Task<http::Response> get_welcome_page(const Application& application, http::Request& /*request*/,
                                      PathParameters /*path*/) {
  const auto& templates = application.settings.web_template_path;
  if (templates.empty()) co_return welcome_page();
  auto page = co_await open_file(application, templates, "index.html");
  if (page) co_return file_answer("text/html; charset=utf-8", std::move(*page));
  http::Response response = welcome_page();
  response.log_comment = "--web-template-path holds no readable index.html";
  co_return response;
}

Task<http::Response> get_static_file(const Application& application, http::Request& /*request*/,
                                     PathParameters path) {
  std::string content_type(content_type_of(path.file));
  auto file = co_await open_file(application, application.settings.web_template_path / "static",
                                 std::move(path.file));
  if (!file) co_return http::json_error(404, "not found");
  co_return file_answer(std::move(content_type), std::move(*file));
}

Task<http::Response> get_info(const Application& application, http::Request& /*request*/,
                              PathParameters /*path*/) {
  co_return json_answer(200, encoding::json_object("version", application.settings.version));
}

Task<http::Response> get_health(const Application& application, http::Request& /*request*/,
                                PathParameters /*path*/) {
  http::Response response = json_answer(200, std::string(R"({"healthy":true})"));
  response.log = application.settings.log_health;
  co_return response;
}

}  // namespace chartmuseum::api

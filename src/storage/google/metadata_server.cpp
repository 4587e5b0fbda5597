// SPDX-License-Identifier: Apache-2.0
#include "storage/google/metadata_server.hpp"

#include "storage/google/token_request.hpp"

#include <chrono>
#include <utility>

namespace chartmuseum::storage::google {

namespace {

class MetadataServer final : public TokenSource {
 public:
  MetadataServer(std::string host, std::shared_ptr<transport::Client> client)
      : host_(std::move(host)), client_(std::move(client)) {}

  Task<Result<Expiring<std::string>>> fetch(std::string scope) override {
    transport::Request request;
    request.url = "http://" + host_ +
                  "/computeMetadata/v1/instance/service-accounts/default/token?" +
                  query_string({{"scopes", scope}});
    // Which no web page can make a browser send.
    request.headers.set("Metadata-Flavor", "Google");
    request.timeouts.connect = std::chrono::seconds(2);
    request.timeouts.whole = std::chrono::seconds(5);
    Task<Result<transport::Response>> asking = ask_for_token(client_, std::move(request));
    auto answer = co_await std::move(asking);
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    const std::string asked = "the metadata server at " + host_;
    // Or it is another server that answers everything.
    if (answer->headers.get("metadata-flavor") != "Google") {
      co_return std::unexpected(
          Failure{FailureKind::unavailable, "what answers at " + host_ + " is no metadata server"});
    }
    if (answer->status == 404) {
      co_return std::unexpected(
          Failure{FailureKind::denied, asked + " knows no service account of this machine"});
    }
    co_return token_in(*answer, asked);
  }

 private:
  const std::string host_;
  const std::shared_ptr<transport::Client> client_;
};

}  // namespace

std::shared_ptr<TokenSource> make_metadata_server(std::string host,
                                                  std::shared_ptr<transport::Client> client) {
  return std::make_shared<MetadataServer>(std::move(host), std::move(client));
}

}  // namespace chartmuseum::storage::google

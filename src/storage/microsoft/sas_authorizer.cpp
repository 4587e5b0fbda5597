// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/sas_authorizer.hpp"

#include <utility>

namespace chartmuseum::storage::microsoft {

namespace {

class SasAuthorizer final : public Authorizer {
 public:
  explicit SasAuthorizer(Sas sas) : sas_(std::move(sas)) {}

  Task<Result<transport::Request>> authorize(transport::Request request) override {
    request.url += (request.url.contains('?') ? '&' : '?') + sas_.query;
    co_return request;
  }

  bool may_fare_better(const transport::Response& /*refusal*/) override { return false; }

 private:
  const Sas sas_;
};

}  // namespace

std::shared_ptr<Authorizer> make_sas_authorizer(Sas sas) {
  return std::make_shared<SasAuthorizer>(std::move(sas));
}

}  // namespace chartmuseum::storage::microsoft

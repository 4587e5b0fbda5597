// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/shared_key.hpp"

#include "base/http_date.hpp"
#include "conformance/run_task.hpp"

#include <gtest/gtest.h>

namespace chartmuseum::storage::microsoft {
namespace {

const AccountKey kKey{"a key that everybody may read"};

transport::Request request(std::string method, std::string url, transport::Headers headers = {},
                           std::string body = "") {
  transport::Request request;
  request.method = std::move(method);
  request.url = std::move(url);
  request.headers = std::move(headers);
  if (!body.empty()) request.body = transport::body_of(std::move(body));
  return request;
}

// The examples of https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key

TEST(SharedKeyText, is_that_of_the_documentation) {
  EXPECT_EQ(shared_key_text(request("GET",
                                    "https://myaccount.blob.core.windows.net/"
                                    "mycontainer?restype=container&comp=metadata&timeout=20",
                                    {{"x-ms-version", "2015-02-21"},
                                     {"x-ms-date", "Fri, 26 Jun 2015 23:39:12 GMT"}}),
                            "myaccount"),
            "GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:Fri, 26 Jun 2015 23:39:12 GMT\n"
            "x-ms-version:2015-02-21\n/myaccount/mycontainer\ncomp:metadata\nrestype:container\n"
            "timeout:20");
}

TEST(SharedKeyText, puts_values_of_one_parameter_in_their_order) {
  EXPECT_EQ(shared_key_text(request("GET",
                                    "http://myaccount.blob.core.windows.net/mycontainer?"
                                    "restype=container&comp=list&include=snapshots&include="
                                    "metadata&include=uncommittedblobs"),
                            "myaccount")
                .substr(15),
            "/myaccount/mycontainer\ncomp:list\n"
            "include:metadata,snapshots,uncommittedblobs\nrestype:container");
}

TEST(SharedKeyText, has_the_account_twice_where_it_is_in_the_path) {
  EXPECT_EQ(shared_key_text(request("HEAD", "http://127.0.0.1:10000/devstoreaccount1/c/a%20b"),
                            "devstoreaccount1"),
            "HEAD\n\n\n\n\n\n\n\n\n\n\n\n/devstoreaccount1/devstoreaccount1/c/a%20b");
}

// Signed by @azure/storage-blob 12.27.

struct Vector {
  transport::Request request;
  std::string signature;
};

std::vector<Vector> vectors() {
  const std::string base = "https://myaccount.blob.core.windows.net/charts";
  return {{request("GET", base + "?comp=list&prefix=org%2Fa%20b%2B&restype=container&delimiter=%2F",
                   {{"x-ms-version", "2025-05-05"},
                    {"x-ms-client-request-id", "6168cd1e-a96b-4965-8237-846859e02413"}}),
           "Cys6zjbEP8o8TXEaBziG8AoYUr97XsSKC9DN3FFRCyE="},
          {request("PUT", base + "/org/%C3%A9t%C3%A9%20a%2Bb%2520c-1.0.0.tgz",
                   {{"Content-Type", "application/octet-stream"},
                    {"x-ms-version", "2025-05-05"},
                    {"x-ms-meta-sha256", "abc"},
                    {"If-None-Match", "*"},
                    {"X-Ms-Blob-Content-Type", " application/x-tar "},
                    {"x-ms-blob-type", "BlockBlob"},
                    {"x-ms-client-request-id", "a2a22308-4d8f-4d15-b073-7c52fa50aed3"}},
                   "some bytes"),
           "Xk+MgW7I2w4QD497eycJSS6Y8h1hRvkU6VJITwP5NN0="},
          {request("GET", base + "/org/x.tgz",
                   {{"x-ms-version", "2025-05-05"},
                    {"x-ms-range", "bytes=5-14"},
                    {"If-Match", "\"0x8D\""},
                    {"x-ms-client-request-id", "cdad54e8-0507-4654-8bbe-4978d7ec6618"}}),
           "d5Zh8vuojU2LAX3kZbh5ahKX0WYigNxoIIWQRaIQRFw="},
          {request("PUT", base + "/x?comp=block&blockid=MDAx",
                   {{"Content-Type", "application/octet-stream"},
                    {"x-ms-version", "2025-05-05"},
                    {"x-ms-client-request-id", "d5102d77-e80f-4a4d-8a13-aebbf6c63e15"}},
                   "12345"),
           "TnuuXPO71NC4uBNoquQs2mFO7CPKkUCcQf1+qY1bS2Y="}};
}

TEST(SharedKey, signs_as_the_vendor_does) {
  const auto clock = std::make_shared<ServiceClock>(
      [] { return *parse_http_date("Sun, 22 Nov 2026 20:35:59 GMT"); });
  const auto authorizer = make_shared_key_authorizer("myaccount", kKey, clock);
  for (const Vector& vector : vectors()) {
    const auto ready = run_task(authorizer->authorize(vector.request));
    ASSERT_TRUE(ready);
    EXPECT_EQ(ready->headers.get("Authorization"), "SharedKey myaccount:" + vector.signature)
        << vector.request.url;
  }
}

TEST(SharedKey, signs_by_the_services_clock_once_that_is_known_to_be_another) {
  const auto clock = std::make_shared<ServiceClock>(
      [] { return *parse_http_date("Sun, 22 Nov 2026 20:00:00 GMT"); });
  const auto authorizer = make_shared_key_authorizer("myaccount", kKey, clock);
  const auto refused = [](const std::string& date) {
    transport::Response response;
    response.status = 403;
    response.headers.set("Date", date);
    return response;
  };
  EXPECT_FALSE(authorizer->may_fare_better(refused("Sun, 22 Nov 2026 20:04:00 GMT")));
  EXPECT_FALSE(authorizer->may_fare_better(refused("soon")));
  EXPECT_FALSE(authorizer->may_fare_better({.status = 403, .headers = {}, .body = {}}));
  EXPECT_TRUE(authorizer->may_fare_better(refused("Sun, 22 Nov 2026 21:00:00 GMT")));
  EXPECT_FALSE(authorizer->may_fare_better(refused("Sun, 22 Nov 2026 21:00:01 GMT")));
  const auto ready = run_task(authorizer->authorize(request("GET", "http://x/y")));
  EXPECT_EQ(ready->headers.get("x-ms-date"), "Sun, 22 Nov 2026 21:00:00 GMT");
}

}  // namespace
}  // namespace chartmuseum::storage::microsoft

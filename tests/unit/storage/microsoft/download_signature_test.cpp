// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/download_signature.hpp"

#include <gmock/gmock.h>

namespace chartmuseum::storage::microsoft {
namespace {

using testing::EndsWith;

const AccountKey kKey{"a key that everybody may read"};

std::chrono::sys_seconds at(int year, unsigned month, unsigned day, int seconds) {
  return std::chrono::sys_days(std::chrono::year(year) / std::chrono::month(month) /
                               std::chrono::day(day)) +
         std::chrono::seconds(seconds);
}

// The signatures are those of @azure/storage-blob 12.27.

TEST(ServiceSas, is_that_of_the_vendor) {
  EXPECT_EQ(service_sas({.account = "myaccount",
                         .container = "charts",
                         .blob = "org/été a+b-1.0.0.tgz",
                         .expires = at(2026, 1, 2, 3 * 3600 + 4 * 60 + 5)},
                        kKey),
            "sv=2018-11-09&sr=b&sp=r&se=2026-01-02T03%3A04%3A05Z&spr=https&"
            "sig=2T8pkg4a2vy1D4rJ92F9CNA4qqleRl8BWNnvGImHNBI%3D");
}

TEST(ServiceSas, allows_http_where_there_is_no_https) {
  EXPECT_EQ(service_sas({.account = "myaccount",
                         .container = "charts",
                         .blob = "/pfx/x.tgz",
                         .expires = at(2026, 12, 31, 86'399),
                         .https_only = false},
                        kKey),
            "sv=2018-11-09&sr=b&sp=r&se=2026-12-31T23%3A59%3A59Z&spr=https%2Chttp&"
            "sig=UjA2yKjdFsY%2BIODzpiAHLgq%2FfXZvPsZo2YPUTJaeIQE%3D");
}

TEST(UserDelegationSas, is_that_of_the_vendor) {
  const DelegationKey key{.object_id = "11111111-2222-3333-4444-555555555555",
                          .tenant_id = "66666666-7777-8888-9999-000000000000",
                          .start = "2026-01-02T00:00:00Z",
                          .expiry = "2026-01-03T00:00:00Z",
                          .service = "b",
                          .version = "2018-11-09",
                          .value = kKey};
  EXPECT_THAT(delegation_sas({.account = "myaccount",
                              .container = "charts",
                              .blob = "org/x.tgz",
                              .expires = at(2026, 1, 2, 3 * 3600 + 4 * 60 + 5)},
                             key),
              EndsWith("&skoid=11111111-2222-3333-4444-555555555555&"
                       "sktid=66666666-7777-8888-9999-000000000000&skt=2026-01-02T00%3A00%3A00Z&"
                       "ske=2026-01-03T00%3A00%3A00Z&sks=b&skv=2018-11-09&"
                       "sig=jE1HGEVBD4vNUVPXIP7u9BIve1Y6vXmeDxCnEgBkza0%3D"));
}

}  // namespace
}  // namespace chartmuseum::storage::microsoft

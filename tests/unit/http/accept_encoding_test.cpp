// SPDX-License-Identifier: Apache-2.0
#include "http/accept_encoding.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

namespace chartmuseum::http {
namespace {

bool accepted(std::initializer_list<const char*> fields) {
  Headers request;
  for (const char* field : fields) request.add("Accept-Encoding", field);
  return accepts_gzip(request);
}

TEST(AcceptEncoding, takes_gzip_only_from_those_who_ask) {
  EXPECT_FALSE(accepted({}));
  for (const char* field : {"", "identity", "br, deflate", "gzipped", "gzip;q=0", "gzip; Q=0.000",
                            "*;q=0", "gzip;q=0, *", "gzip;q=1.5", "gzip;q=x", "gzip;level=9",
                            "identity, gzip;q=0.5", "gzip q=1"}) {
    EXPECT_FALSE(accepted({field})) << field;
  }
  for (const char* field :
       {"gzip", "GZip", "x-gzip", "gzip, deflate, br", "br;q=1.0, gzip;q=0.2", "*", "*;q=0.1",
        "identity;q=0.5, gzip;q=0.5", " gzip ; q=1 ", "identity;q=0, *"}) {
    EXPECT_TRUE(accepted({field})) << field;
  }
}

TEST(AcceptEncoding, joins_fields) {
  EXPECT_TRUE(accepted({"br", "gzip"}));
  EXPECT_FALSE(accepted({"*", "gzip;q=0"}));
}

}  // namespace
}  // namespace chartmuseum::http

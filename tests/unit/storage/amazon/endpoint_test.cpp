// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/endpoint.hpp"

#include <gtest/gtest.h>

namespace chartmuseum::storage::amazon {
namespace {

std::string url(const std::string& endpoint, const std::string& region, const std::string& bucket,
                bool force_path_style) {
  const auto made = Endpoint::of(endpoint, region, bucket, force_path_style);
  return made ? made->object_url("k") : "(refused)";
}

TEST(Endpoint, is_where_the_bucket_is) {
  struct Case {
    std::string endpoint, region, bucket;
    bool path_style;
    std::string expected;
  };
  for (const Case& a : {
           Case{"", "eu-west-1", "b", true, "https://s3.eu-west-1.amazonaws.com/b/k"},
           Case{"", "eu-west-1", "b", false, "https://b.s3.eu-west-1.amazonaws.com/k"},
           Case{"", "cn-north-1", "b", true, "https://s3.cn-north-1.amazonaws.com.cn/b/k"},
           Case{"minio:9000", "r", "b", true, "https://minio:9000/b/k"},
           Case{"HTTP://MinIO:9000/", "r", "b", true, "http://minio:9000/b/k"},
           Case{"http://minio/s3/", "r", "b", true, "http://minio/s3/b/k"},
           Case{"http://minio", "r", "b", false, "http://b.minio/k"},
           Case{"https://minio:443", "r", "b", true, "https://minio/b/k"},
           Case{"https://[::1]:9000", "r", "b", true, "https://[::1]:9000/b/k"},
           // No certificate holds for two labels below a service's name.
           Case{"https://minio", "r", "a.b", false, "https://minio/a.b/k"},
           Case{"http://minio", "r", "a.b", false, "http://a.b.minio/k"},
           Case{"http://minio", "r", "Old_Name", false, "http://minio/Old_Name/k"},
           Case{"http://", "r", "b", true, "(refused)"},
           Case{"ftp://a", "r", "b", true, "(refused)"},
           Case{"http://user:pw@a", "r", "b", true, "(refused)"},
           Case{"http://a/?x=y", "r", "b", true, "(refused)"},
       }) {
    EXPECT_EQ(url(a.endpoint, a.region, a.bucket, a.path_style), a.expected) << a.endpoint;
  }
}

TEST(Endpoint, encodes_all_but_unreserved_characters_and_slashes) {
  const auto made = Endpoint::of("http://a", "r", "b", true);
  EXPECT_EQ(made->object_url("p/a+b c%20\xc3\xa9~!*'()"),
            "http://a/b/p/a%2Bb%20c%2520%C3%A9~%21%2A%27%28%29");
  EXPECT_EQ(made->bucket_url({{"prefix", "p/+"}}), "http://a/b/?prefix=p%2F%2B");
}

TEST(Endpoint, tells_amazon_from_others) {
  const auto is_amazon = [](const std::string& endpoint) {
    return Endpoint::of(endpoint, "eu-west-1", "b", true)->is_amazon();
  };
  EXPECT_TRUE(is_amazon(""));
  EXPECT_TRUE(is_amazon("s3.dualstack.eu-west-1.amazonaws.com"));
  EXPECT_TRUE(is_amazon("https://bucket.vpce-1.s3.eu-west-1.vpce.amazonaws.com:443"));
  EXPECT_FALSE(is_amazon("https://amazonaws.com.example.org"));
  EXPECT_FALSE(is_amazon("https://notamazonaws.com"));
}

}  // namespace
}  // namespace chartmuseum::storage::amazon

// SPDX-License-Identifier: Apache-2.0
#include "storage/google/url_signer.hpp"

#include "unit/storage/google/published_account.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace chartmuseum::storage::google {
namespace {

using namespace std::chrono;

UrlSigner signer() {
  return {test::kPublishedAccount, RsaKey::from_pem(test::kPublishedKey).value()};
}

/// Those of v4_signatures.json that GET an object by path and sign no more headers than a
/// redirect can have.
struct Vector {
  const char* description;
  const char* bucket;
  const char* object;
  seconds valid;
  sys_seconds now;
  const char* url;
};

constexpr sys_seconds kFirstOfFebruary = sys_days(2019y / February / 1) + 9h;

const Vector kVectors[] = {
    {"Simple GET", "test-bucket", "test-object", 10s, kFirstOfFebruary,
     "https://storage.googleapis.com/test-bucket/"
     "test-object?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=test-iam-credentials%40dummy-"
     "project-id.iam.gserviceaccount.com%2F20190201%2Fauto%2Fstorage%2Fgoog4_request&X-Goog-Date="
     "20190201T090000Z&X-Goog-Expires=10&X-Goog-SignedHeaders=host&X-Goog-Signature="
     "95e6a13d43a1d1962e667f17397f2b80ac9bdd1669210d5e08e0135df9dff4e56113485dbe429ca2266487b9d1796"
     "ebdee2d7cf682a6ef3bb9fbb4c351686fba90d7b621cf1c4eb1fdf126460dd25fa0837dfdde0a9fd98662ce60844c"
     "458448fb2b352c203d9969cb74efa4bdb742287744a4f2308afa4af0e0773f55e32e92973619249214b97283b2daa"
     "14195244444e33f938138d1e5f561088ce8011f4986dda33a556412594db7c12fc40e1ff3f1bedeb7a42f5bcda0b9"
     "567f17f65855f65071fabb88ea12371877f3f77f10e1466fff6ff6973b74a933322ff0949ce357e20abe96c3dd5cf"
     "ab42c9c83e740a4d32b9e11e146f0eb3404d2e975896f74"},
    {"Vary expiration and timestamp", "test-bucket", "test-object", 20s,
     sys_days(2019y / March / 1) + 9h,
     "https://storage.googleapis.com/test-bucket/"
     "test-object?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=test-iam-credentials%40dummy-"
     "project-id.iam.gserviceaccount.com%2F20190301%2Fauto%2Fstorage%2Fgoog4_request&X-Goog-Date="
     "20190301T090000Z&X-Goog-Expires=20&X-Goog-SignedHeaders=host&X-Goog-Signature="
     "9669ed5b10664dc594c758296580662912cf4bcc5a4ba0b6bf055bcbf6f34eed7bdad664f534962174a924741a0c2"
     "73a4f67bc1847cef20192a6beab44223bd9d4fbbd749c407b79997598c30f82ddc269ff47ec09fa3afe74e00616d4"
     "38df0d96a7d8ad0adacfad1dc3286f864d924fe919fb0dce45d3d975c5afe8e13af2db9cc37ba77835f92f7669b61"
     "e94c6d562196c1274529e76cfff1564cc2cad7d5387dc8e12f7a5dfd925685fe92c30b43709eee29fa2f66067472c"
     "ee5423d1a3a4182fe8cea75c9329d181dc6acad7c393cd04f8bf5bc0515127d8ebd65d80c08e19ad03316053ea600"
     "33fd1b1fd85a69c576415da3bf0a3718d9ea6d03e0d66f0"},
    {"Vary bucket and object", "test-bucket2", "test-object2", 10s, kFirstOfFebruary,
     "https://storage.googleapis.com/test-bucket2/"
     "test-object2?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=test-iam-credentials%"
     "40dummy-"
     "project-id.iam.gserviceaccount.com%2F20190201%2Fauto%2Fstorage%2Fgoog4_request&X-Goog-Date="
     "20190201T090000Z&X-Goog-Expires=10&X-Goog-SignedHeaders=host&X-Goog-Signature="
     "36e3d58dfd3ec1d2dd2f24b5ee372a71e811ffaa2162a2b871d26728d0354270bc116face87127532969c4a3967ed"
     "05b7309af741e19c7202f3167aa8c2ac420b61417d6451442bb91d7c822cd17be8783f01e05372769c88913561d27"
     "e6660dd8259f0081a71f831be6c50283626cbf04494ac10c394b29bb3bce74ab91548f58a37118a452693cf0483d7"
     "7561fc9cac8f1765d2c724994cca46a83517a10157ee0347a233a2aaeae6e6ab5e204ff8fc5f54f90a3efdb8301d9"
     "fff5475d58cd05b181affd657f48203f4fb133c3a3d355b8eefbd10d5a0a5fd70d06e9515460ad74e22334b2cba4b"
     "29cae4f6f285cdb92d8f3126d7a1479ca3bdb69c207d860"},
};

TEST(UrlSigner, signs_as_the_published_vectors) {
  for (const Vector& vector : kVectors) {
    EXPECT_EQ(signer().url_for(vector.bucket, vector.object, vector.valid, vector.now), vector.url)
        << vector.description;
  }
}

TEST(UrlSigner, encodes_every_byte_of_a_key_but_slashes) {
  const std::string url =
      signer().url_for("b", "path/with/slashes/amper&sand/a+b 100%.tgz", 300s, kFirstOfFebruary);
  EXPECT_TRUE(url.starts_with(
      "https://storage.googleapis.com/b/path/with/slashes/amper%26sand/a%2Bb%20100%25.tgz?X-"))
      << url;
}

TEST(UrlSigner, asks_for_no_longer_than_the_service_allows) {
  EXPECT_TRUE(
      signer().url_for("b", "k", days(30), kFirstOfFebruary).contains("&X-Goog-Expires=604800&"));
}

TEST(RsaKey, refuses_what_is_no_private_rsa_key) {
  EXPECT_FALSE(RsaKey::from_pem(""));
  EXPECT_FALSE(RsaKey::from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"));
  std::string cut = test::kPublishedKey;
  cut.erase(200, 64);
  EXPECT_FALSE(RsaKey::from_pem(cut));
}

}  // namespace
}  // namespace chartmuseum::storage::google

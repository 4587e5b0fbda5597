// SPDX-License-Identifier: Apache-2.0
#include "auth/password_hash.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace chartmuseum::auth {
namespace {

using testing::HasSubstr;

struct Vector {
  const char* password;
  const char* hash;
};

/// Prints the place, not the hash.
void expect_match(const Vector& vector) {
  EXPECT_EQ(objection_to_hash(vector.hash), std::nullopt) << vector.hash;
  EXPECT_TRUE(matches_hash(vector.password, vector.hash)) << vector.hash;
  EXPECT_FALSE(matches_hash("another", vector.hash)) << vector.hash;
  EXPECT_FALSE(matches_hash("", vector.hash)) << vector.hash;
}

// From the wrapper of Openwall's crypt_blowfish.
TEST(PasswordHash, may_be_bcrypt) {
  for (const Vector& vector : {
           Vector{"U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"},
           Vector{"U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"},
           Vector{"U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"},
           Vector{"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                  "chars after 72 are ignored",
                  "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui"},
           Vector{"\xff\xff\xa3", "$2y$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e"},
           Vector{"\xff\xff\xa3", "$2b$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e"},
       }) {
    expect_match(vector);
  }
}

// From Ulrich Drepper's specification of SHA-crypt; those that are cheap enough for a test, and
// whose salts fit.
TEST(PasswordHash, may_be_sha_crypt) {
  for (const Vector& vector : {
           Vector{"Hello world!", "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5"},
           Vector{"Hello world!",
                  "$5$rounds=10000$saltstringsaltst$3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA"},
           Vector{"This is just a test",
                  "$5$rounds=5000$toolongsaltstrin$Un/5jzAHMgOGZ5.mWJpuVolil07guHPvOW8mGRcvxa5"},
           Vector{"Hello world!",
                  "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLi"
                  "BFdcbYEdFCoEOfaS35inz1"},
           Vector{"Hello world!",
                  "$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0"
                  "sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v."},
           Vector{"a very much longer text to encrypt.  This one even stretches over morethan one "
                  "line.",
                  "$6$rounds=1400$anotherlongsalts$POfYwTEok97VWcjxIiSOjiykti.o/pQs.wPvMxQ6Fm7I6IoY"
                  "N3CmLs66x9t0oSwbtEW7o7UmJEiDwGqd8p4ur1"},
       }) {
    expect_match(vector);
  }
}

// Made with crypt_gensalt(3) and crypt(3) of libxcrypt, at costs 1, 3 and 5; the last is what
// mkpasswd writes.
TEST(PasswordHash, may_be_yescrypt) {
  for (const Vector& vector :
       {Vector{"pw", "$y$j75$7wlDKmagSlXZfLm0wnDxj/$J9tavjpqgAtgVGiyIKx7O94jBTm8RvjZo1w6OlCn3DC"},
        Vector{"pw", "$y$j7T$T2kW.TBp1Rjou7gXZApwU1$eTIARegXeSPJ2uf3pkU2MRChLFNbkVTSyjBQqcgZWW/"},
        Vector{"pw",
               "$y$j9T$8W2bVxmFffui1s0wSwLdC.$AdxmEFyxjWOiNZpeu01aOjOCF9LzuIw4P7Ls2oS/CPB"}}) {
    expect_match(vector);
  }
}

TEST(PasswordHash, matches_no_password_that_crypt_could_not_take_whole) {
  // Of "U*U", to which a zero byte would put an end.
  const std::string hash = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
  EXPECT_FALSE(matches_hash(std::string_view("U*U\0x", 5), hash));
  EXPECT_FALSE(matches_hash(std::string(512, 'x'), hash));
  EXPECT_FALSE(matches_hash(std::string(1 << 20, 'x'), hash));
}

TEST(PasswordHash, is_not_taken_in_weak_forms) {
  EXPECT_THAT(*objection_to_hash("$apr1$abcdefgh$0123456789012345678901"), HasSubstr("MD5"));
  EXPECT_THAT(*objection_to_hash("$1$abcdefgh$0123456789012345678901"), HasSubstr("MD5"));
  EXPECT_THAT(*objection_to_hash("{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="), HasSubstr("SHA-1"));
  EXPECT_THAT(*objection_to_hash("{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="), HasSubstr("SHA-1"));
  EXPECT_THAT(*objection_to_hash("$2x$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e"),
              HasSubstr("broken"));
  EXPECT_EQ(objection_to_hash(""), "is empty");
  for (const char* other : {"rasjVxrGfzRHE", "secret", "_J9..rasmBYk8r9AiWNc", "*", "!",
                            "$7$CU..../....x$xsOpcmWgwAwcZRT0NLr.qchC8HNwlnFrAzAMUB62YT3",
                            "$argon2id$v=19$m=65536,t=2,p=1$abc$def", "$2$05$CCCCCCCCCCCCC"}) {
    EXPECT_EQ(objection_to_hash(other),
              "is not hashed in a form that is taken here (bcrypt, SHA-crypt, yescrypt)")
        << other;
  }
}

TEST(PasswordHash, is_not_taken_if_a_login_would_cost_too_much) {
  const std::string bcrypt = "$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
  EXPECT_EQ(objection_to_hash("$2b$14" + bcrypt), std::nullopt);
  EXPECT_EQ(objection_to_hash("$2b$15" + bcrypt), "has the bcrypt cost 15, more than 14");
  EXPECT_EQ(objection_to_hash("$2b$31" + bcrypt), "has the bcrypt cost 31, more than 14");
  const std::string sha = "$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5";
  EXPECT_EQ(objection_to_hash("$5$rounds=1000000" + sha), std::nullopt);
  for (const char* rounds : {"1000001", "999999999", "99999999999999999999"}) {
    EXPECT_EQ(objection_to_hash("$5$rounds=" + std::string(rounds) + sha),
              "has more than 1000000 rounds");
  }
  EXPECT_EQ(objection_to_hash("$5$rounds=999" + sha), "has fewer than 1000 rounds");
  const std::string yescrypt =
      "T$8W2bVxmFffui1s0wSwLdC.$AdxmEFyxjWOiNZpeu01aOjOCF9LzuIw4P7Ls2oS/CPB";
  EXPECT_EQ(objection_to_hash("$y$jC" + yescrypt), std::nullopt);
  EXPECT_THAT(*objection_to_hash("$y$jD" + yescrypt), HasSubstr("cost above 8"));
  EXPECT_THAT(*objection_to_hash("$y$jz" + yescrypt), HasSubstr("cost above 8"));
}

TEST(PasswordHash, is_not_taken_if_it_is_damaged) {
  for (const char* hash :
       {"$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe",
        "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeWW",
        "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe*",
        "$2a$xx$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2a$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "$2a$", "$5$", "$6$", "$y$",
        "$5$saltstring$5B8vYYiY", "$5$saltstring", "$6$rounds=$saltstring$x", "$6$rounds=5000",
        "$5$rounds=-1$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5",
        "$5$rounds=05000$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5",
        "$5$saltstringsaltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5", "$y$j9T$x",
        "$y$j9T$8W2bVxmFffui1s0wSwLdC.$Adxm"}) {
    EXPECT_EQ(objection_to_hash(hash), "is cut off or damaged") << hash;
  }
}

}  // namespace
}  // namespace chartmuseum::auth

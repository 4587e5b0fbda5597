// SPDX-License-Identifier: Apache-2.0
#include "support/server_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <cstdint>
#include <cstdlib>
#include <netinet/in.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace chartmuseum::test {
namespace {

using testing::HasSubstr;

bool somebody_listens_on(const std::string& url) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int connection = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool connected =
      ::connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(connection);
  return connected;
}

TEST(ServerProcess, runs_a_server_for_as_long_as_it_lives) {
  auto server = ServerProcess::start("s3rver", {"--bucket", "packages"});
  if (!server) GTEST_SKIP() << server.error();
  const std::string url = server->fact("url");
  EXPECT_TRUE(somebody_listens_on(url));
  EXPECT_EQ(server->fact("bucket"), "packages");
  {
    const ServerProcess ended = *std::move(server);
  }
  EXPECT_FALSE(somebody_listens_on(url));
}

TEST(ServerProcess, says_why_a_server_cannot_be_had) {
  const char* before = std::getenv("S3RVER");
  const std::optional<std::string> kept =
      before ? std::optional<std::string>(before) : std::nullopt;
  ::unsetenv("S3RVER");
  const auto server = ServerProcess::start("s3rver");
  if (kept) ::setenv("S3RVER", kept->c_str(), 1);
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error(), HasSubstr("S3RVER names no folder"));
}

TEST(ServerProcess, takes_a_server_that_does_not_start_for_a_failure) {
  EXPECT_THROW(static_cast<void>(ServerProcess::start("s3rver", {"--no-such-option"})),
               std::runtime_error);
}

TEST(ServerProcess, knows_only_what_the_launcher_tells) {
  const auto server = ServerProcess::start("s3rver");
  if (!server) GTEST_SKIP() << server.error();
  EXPECT_THROW(static_cast<void>(server->fact("password")), std::out_of_range);
}

}  // namespace
}  // namespace chartmuseum::test

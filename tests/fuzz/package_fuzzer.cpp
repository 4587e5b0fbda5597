// SPDX-License-Identifier: Apache-2.0
// Chart packages. The first byte chooses what the rest is: a package, a tar whose header checksums
// are put right, or a list of members from which a sound tar is made. Whatever a package holds,
// it is read alike from one gzip member and from two, which take different ways through the code.
#include "chart/package.hpp"
#include "chart/package_start.hpp"
#include "chart/provenance.hpp"
#include "support/archives.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

namespace chart = chartmuseum::chart;
namespace testing = chartmuseum::testing;

constexpr chart::ArchiveLimits kLimits{.file_size = 200'000,
                                       .total_size = 400'000,
                                       .stream_size = 4'000'000,
                                       .nesting = 5,
                                       .subcharts = 50};

void require(bool holds) {
  if (!holds) std::abort();
}

// The reason for which a package is refused, after checking what holds for every package.
std::string read(std::string_view bytes) {
  // What a start tells it tells whatever follows.
  const auto start = chart::read_metadata_of_start(bytes.substr(0, bytes.size() / 2), kLimits);
  if (start) require(start == chart::read_metadata_of_start(bytes, kLimits));

  const auto package = chart::read_package(bytes, kLimits);
  const auto values = chart::read_values(bytes, kLimits);
  require(values.has_value() == package.has_value());
  if (!package) {
    require(!package.error().message.empty());
    return package.error().message;
  }
  require(package->size() == bytes.size());
  require(package->file_name() ==
          package->metadata().name + "-" + package->metadata().version + ".tgz");
  return "";
}

void read_tar(const std::string& tar) {
  // Stored, so that it is no tiny member, and large enough for the fast way.
  const std::string whole = read(testing::gzip(tar, 0));
  const std::size_t half = tar.size() / 2;
  const std::string halves =
      read(testing::gzip(tar.substr(0, half), 1) + testing::gzip(tar.substr(half), 1));
  require(whole == halves);
}

// Makes what looks like a header one whose checksum fits.
std::string with_checksums(std::string tar) {
  for (std::size_t block = 0; block + 512 <= tar.size(); block += 512) {
    if (std::string_view(tar).substr(block + 257, 5) != "ustar") continue;
    tar.replace(block + 148, 8, "        ");
    std::size_t sum = 0;
    for (std::size_t i = 0; i < 512; ++i) sum += static_cast<unsigned char>(tar[block + i]);
    tar.replace(block + 148, 8, testing::octal(sum, 6) + ' ');
  }
  return tar;
}

// Members of a type byte, a name that a line feed ends, and data that a byte 0xFF ends; a name
// that begins with "!" asks for a package made of the next member alone as the data.
std::string tar_of_members(std::string_view text) {
  std::string tar;
  while (text.size() > 1) {
    testing::TarFields fields;
    fields.type = text[0];
    text.remove_prefix(1);
    const std::size_t end_of_name = text.find('\n');
    fields.name = text.substr(0, end_of_name);
    text.remove_prefix(end_of_name == std::string_view::npos ? text.size() : end_of_name + 1);
    const std::size_t end_of_data = text.find('\xff');
    std::string data(text.substr(0, end_of_data));
    text.remove_prefix(end_of_data == std::string_view::npos ? text.size() : end_of_data + 1);
    if (fields.name.starts_with('!')) {
      fields.name.erase(0, 1);
      data = testing::package({{"sub/Chart.yaml", data}});
    }
    tar += testing::tar_member(fields, std::move(data));
  }
  return tar + testing::tar_end();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 100'000) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 3) {
    case 0:
      read(rest);
      (void)chart::provenance_file_name(rest);
      break;
    case 1:
      read_tar(with_checksums(std::string(rest)));
      break;
    default:
      read_tar(tar_of_members(rest));
      break;
  }
  return 0;
}

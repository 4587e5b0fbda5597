// SPDX-License-Identifier: Apache-2.0
// Reads the packages whose paths come on standard input, one a line, and prints a line of JSON for
// each: {"digest","name","version"} or {"error"}. For comparisons with Helm; with --time it prints
// nothing but how much processor time reading took, files in memory already.
#include "chart/package.hpp"
#include "encoding/json_writer.hpp"

#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace {

using chartmuseum::chart::read_package;

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string describe(const std::string& bytes) {
  const auto package = read_package(bytes);
  if (!package) return chartmuseum::encoding::json_object("error", package.error().message);
  std::string line = "{\"digest\":\"" + package->digest().hex() + "\",\"name\":";
  chartmuseum::encoding::append_json_string(line, package->metadata().name);
  line += ",\"version\":";
  chartmuseum::encoding::append_json_string(line, package->metadata().version);
  return line + "}";
}

void measure(const std::vector<std::string>& packages) {
  const std::clock_t start = std::clock();
  std::size_t refused = 0;
  std::size_t bytes = 0;
  for (const std::string& package : packages) {
    bytes += package.size();
    if (!read_package(package)) ++refused;
  }
  const auto took = 1000 * (std::clock() - start) / CLOCKS_PER_SEC;
  std::cout << packages.size() << " packages, " << bytes << " bytes, " << refused << " refused, "
            << took << " ms\n";
}

}  // namespace

int main(int argc, char** argv) {
  const bool timed = argc > 1 && std::string_view(argv[1]) == "--time";
  std::vector<std::string> packages;
  for (std::string path; std::getline(std::cin, path);) {
    if (timed) {
      packages.push_back(contents(path));
    } else {
      std::cout << describe(contents(path)) << "\n";
    }
  }
  if (timed) measure(packages);
  return 0;
}

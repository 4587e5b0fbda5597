// SPDX-License-Identifier: Apache-2.0
#include "samples.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string_view>
#include <system_error>

namespace chartmuseum::bench {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = 64 << 20;
constexpr std::size_t kBlock = 512;  // of a tar archive

void append_file(std::string& archive, std::string_view path, std::string_view data) {
  std::array<char, kBlock> header{};
  std::ranges::copy(path, header.begin());
  std::snprintf(&header[100], 8, "%07o", 0644U);
  std::snprintf(&header[124], 12, "%011o", static_cast<unsigned>(data.size()));
  std::snprintf(&header[136], 12, "%011o", 1'700'000'000U);
  header[156] = '0';
  std::ranges::copy(std::string_view("ustar\0"
                                     "00",
                                     8),
                    &header[257]);
  std::fill_n(&header[148], 8, ' ');
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  std::snprintf(&header[148], 8, "%06o", sum);
  archive.append(header.data(), header.size());
  archive += data;
  archive.append((kBlock - data.size() % kBlock) % kBlock, '\0');
}

std::string gzip(std::string_view bytes) {
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(6), &libdeflate_free_compressor);
  std::string result(libdeflate_gzip_compress_bound(compressor.get(), bytes.size()), '\0');
  result.resize(libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(),
                                         result.data(), result.size()));
  return result;
}

/// A chart of the usual size and shape.
std::string synthetic_package(int number) {
  const std::string name = "chart-" + std::to_string(number / 10);
  std::string archive;
  append_file(
      archive, name + "/Chart.yaml",
      "apiVersion: v2\nname: " + name + "\nversion: 1." + std::to_string(number % 10) +
          ".0\nappVersion: \"2.3\"\ndescription: A chart to measure with\nkeywords:\n"
          "- database\n- storage\nhome: https://example.com\nmaintainers:\n- name: Someone\n"
          "  email: someone@example.com\n");
  std::string values;
  for (int i = 0; i < 100; ++i) {
    const std::string n = std::to_string(i);
    values += "component" + n + ":\n  enabled: true\n  replicas: " + n +
              "\n  # How much it may take\n  resources: {limits: {cpu: 100m, memory: 128Mi}}\n";
  }
  append_file(archive, name + "/values.yaml", values);
  for (int i = 0; i < 8; ++i) {
    std::string text = "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\n";
    for (int line = 0; line < 60; ++line)
      text += "  # {{ .Values.component" + std::to_string(line) + ".replicas }}\n";
    append_file(archive, name + "/templates/service" + std::to_string(i) + ".yaml", text);
  }
  archive.append(2 * kBlock, '\0');
  return gzip(archive);
}

fs::path folder() {
  const char* named = std::getenv("CHARTS");
  return named != nullptr ? named : "";
}

std::vector<fs::path> package_paths() {
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder(), error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".tgz") paths.push_back(entry->path());
  }
  std::ranges::sort(paths);
  return paths;
}

std::vector<std::string> load() {
  const std::vector<fs::path> paths = package_paths();
  std::size_t all = 0;
  for (const fs::path& path : paths) all += fs::file_size(path);
  const std::size_t step = 1 + all / kMostBytes;

  std::vector<std::string> packages;
  for (std::size_t i = 0; i < paths.size(); i += step) {
    std::ifstream file(paths[i], std::ios::binary);
    packages.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  if (!packages.empty()) {
    std::cerr << packages.size() << " of the " << paths.size() << " packages below " << folder()
              << '\n';
    return packages;
  }
  for (int i = 0; i < 200; ++i) packages.push_back(synthetic_package(i));
  std::cerr << packages.size() << " synthetic packages (CHARTS names a folder with others)\n";
  return packages;
}

}  // namespace

const std::vector<std::string>& packages() {
  static const std::vector<std::string> loaded = load();
  return loaded;
}

std::size_t packages_size() {
  std::size_t size = 0;
  for (const std::string& package : packages()) size += package.size();
  return size;
}

}  // namespace chartmuseum::bench

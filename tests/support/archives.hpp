// SPDX-License-Identifier: Apache-2.0
#pragma once

// Makes chart archives for tests, sound ones and odd ones. Link ZLIB::ZLIB.

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chartmuseum::testing {

struct TarFields {
  std::string name = "demo/Chart.yaml";
  std::string size = {};  // as written in the header; empty: that of the data, in octal
  char type = '0';
  unsigned mode = 0644;
  std::string magic = std::string(
      "ustar\0"
      "00",
      8);
  std::string prefix = {};
  std::vector<std::pair<std::size_t, std::string>> overwrite = {};  // bytes at offsets
};

inline std::string octal(std::size_t value, int digits) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%0*zo", digits, value);
  return std::string(text.data()) + '\0';
}

/// A header block with the right checksum.
inline std::string tar_header(const TarFields& fields, std::size_t size = 0) {
  std::string block(512, '\0');
  const auto put = [&](std::size_t offset, std::string_view bytes) {
    std::ranges::copy(bytes, block.begin() + static_cast<std::ptrdiff_t>(offset));
  };
  put(0, std::string_view(fields.name).substr(0, 100));
  put(100, octal(fields.mode, 7));
  put(108, octal(0, 7));
  put(116, octal(0, 7));
  put(124, fields.size.empty() ? octal(size, 11) : fields.size);
  put(136, octal(0, 11));
  put(156, std::string(1, fields.type));
  put(257, fields.magic);
  put(345, fields.prefix);
  for (const auto& [offset, bytes] : fields.overwrite) put(offset, bytes);
  put(148, "        ");
  std::size_t sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  put(148, octal(sum, 6) + ' ');
  return block;
}

/// A header block and the data, padded to whole blocks.
inline std::string tar_member(const TarFields& fields, std::string data) {
  std::string member = tar_header(fields, data.size());
  data.resize((data.size() + 511) / 512 * 512);
  return member + data;
}

/// The two blocks of zeros at the end of a tar.
inline std::string tar_end() {
  return std::string(1024, '\0');
}

/// A record of a pax extended header.
inline std::string pax_record(std::string_view key, std::string_view value) {
  const std::string rest = " " + std::string(key) + "=" + std::string(value) + "\n";
  std::size_t length = rest.size() + 1;
  while (std::to_string(length).size() + rest.size() != length) ++length;
  return std::to_string(length) + rest;
}

inline std::string pax_header(std::string records, char type = 'x') {
  TarFields fields;
  fields.name = "demo/PaxHeaders/0";
  fields.type = type;
  return tar_member(fields, std::move(records));
}

/// A plain file, with an extended header where its name is long.
inline std::string tar_member(std::string name, std::string data) {
  std::string extension;
  if (name.size() > 100) extension = pax_header(pax_record("path", name));
  TarFields fields;
  fields.name = std::move(name);
  return extension + tar_member(fields, std::move(data));
}

inline std::string gzip(std::string_view bytes, int level = 9) {
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("deflateInit2");
  }
  std::string out;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  int status = Z_OK;
  while (status == Z_OK) {  // which may take several calls, however large the buffer is
    out.resize(stream.total_out + bytes.size() + 1024);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + stream.total_out);
    stream.avail_out = static_cast<uInt>(out.size() - stream.total_out);
    status = deflate(&stream, Z_FINISH);
  }
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (status != Z_STREAM_END) throw std::runtime_error("deflate");
  return out;
}

using Files = std::vector<std::pair<std::string, std::string>>;

inline std::string tar(const Files& files) {
  std::string all;
  for (const auto& [name, data] : files) all += tar_member(name, data);
  return all + tar_end();
}

/// A package of these files; names include the top directory.
inline std::string package(const Files& files) {
  return gzip(tar(files));
}

/// Chart.yaml of a chart without anything special.
inline std::string chart_yaml(std::string_view name = "demo", std::string_view version = "1.0.0") {
  return "apiVersion: v2\nname: " + std::string(name) + "\nversion: " + std::string(version) + "\n";
}

}  // namespace chartmuseum::testing

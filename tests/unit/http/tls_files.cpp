// SPDX-License-Identifier: Apache-2.0
#include "unit/http/tls_files.hpp"

#include <fstream>
#include <stdexcept>
#include <stdlib.h>

namespace chartmuseum::http::test {

TlsFiles::TlsFiles() {
  std::string name = (std::filesystem::temp_directory_path() / "chartmuseum-tls-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
}

TlsFiles::~TlsFiles() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::filesystem::path TlsFiles::write(std::string_view name, std::string_view text) const {
  const std::filesystem::path target = path(name);
  const std::filesystem::path fresh = path(std::string(name) + ".new");
  std::ofstream(fresh, std::ios::binary) << text;
  std::filesystem::rename(fresh, target);
  return target;
}

void TlsFiles::write(const chartmuseum::test::Identity& identity) const {
  write("tls.crt", identity.certificate);
  write("tls.key", identity.key);
}

TlsSettings TlsFiles::settings(bool mutual) const {
  TlsSettings settings;
  settings.certificate = path("tls.crt");
  settings.key = path("tls.key");
  if (mutual) settings.client_authorities = path("ca.crt");
  return settings;
}

}  // namespace chartmuseum::http::test

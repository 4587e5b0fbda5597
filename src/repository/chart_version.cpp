// SPDX-License-Identifier: Apache-2.0
#include "repository/chart_version.hpp"

#include <cstddef>
#include <cstring>
#include <string>
#include <utility>

namespace chartmuseum::repository {

namespace {

constexpr std::string_view kExtension = ".tgz";

/// Whether `file_name` is "<name>-<version>.tgz", so that the others need no bytes of their own.
bool is_made_of(std::string_view file_name, std::string_view name, std::string_view version) {
  return file_name.size() == name.size() + 1 + version.size() + kExtension.size() &&
         file_name.starts_with(name) && file_name[name.size()] == '-' &&
         file_name.substr(name.size() + 1).starts_with(version) && file_name.ends_with(kExtension);
}

}  // namespace

std::shared_ptr<const ChartVersion> ChartVersion::make(std::string_view name,
                                                       std::string_view version,
                                                       std::string_view file_name,
                                                       Timestamp created, const Digest& digest,
                                                       const Fingerprint& fingerprint) {
  auto precedence = chart::Version::parse(version);
  if (!precedence) return nullptr;

  const auto made = std::make_shared<ChartVersion>(Key());
  const bool shared = is_made_of(file_name, name, version);
  const std::size_t size = file_name.size() + (shared ? 0 : name.size() + version.size());
  made->text_ = std::make_unique<char[]>(size);
  char* end = made->text_.get();
  const auto keep = [&end](std::string_view text) {
    const char* const begin = end;
    if (!text.empty()) std::memcpy(end, text.data(), text.size());
    end += text.size();
    return std::string_view(begin, text.size());
  };
  made->file_name = keep(file_name);
  made->name = shared ? made->file_name.substr(0, name.size()) : keep(name);
  made->version = shared ? made->file_name.substr(name.size() + 1, version.size()) : keep(version);
  made->precedence = *std::move(precedence);
  made->created = created;
  made->digest = digest;
  made->fingerprint = fingerprint;
  return made;
}

std::string package_file_name(std::string_view name, std::string_view version) {
  std::string text(name);
  text += '-';
  text += version;
  text += kExtension;
  return text;
}

bool newer(const ChartVersion& left, const ChartVersion& right) {
  return newer(left.precedence, left.version, right.precedence, right.version);
}

bool newer(const chart::Version& left, std::string_view left_text, const chart::Version& right,
           std::string_view right_text) {
  const auto order = left <=> right;
  return order != 0 ? order > 0 : left_text < right_text;
}

}  // namespace chartmuseum::repository

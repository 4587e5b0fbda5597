// SPDX-License-Identifier: Apache-2.0
#include "auth/key_files.hpp"

#include "auth/pem_keys.hpp"

#include <cstddef>
#include <utility>

namespace chartmuseum::auth {

namespace {

constexpr std::size_t kMostFiles = 4;  // each of their keys may be tried for a token

}  // namespace

std::expected<std::unique_ptr<KeyFiles>, std::string> KeyFiles::open(const Settings& settings) {
  if (settings.paths.empty() || settings.paths.size() > kMostFiles) {
    return std::unexpected("one to four key files can be given");
  }
  std::vector<std::unique_ptr<File>> files;
  for (const std::string& path : settings.paths) {
    File::Settings file_settings{.path = path,
                                 .purpose = "key file",
                                 .largest = std::size_t{1} << 20,
                                 .log = settings.log,
                                 .clock = settings.clock};
    auto file = File::open(std::move(file_settings), &read_pem_keys);
    if (!file) return std::unexpected(std::move(file.error()));
    files.push_back(std::move(*file));
  }
  return std::unique_ptr<KeyFiles>(new KeyFiles(std::move(files)));
}

KeySetPointer KeyFiles::current() {
  // The files are asked with the lock held, so that nobody puts an older content back.
  const std::lock_guard lock(mutex_);
  bool changed = keys_ == nullptr;
  for (std::size_t i = 0; i < files_.size(); ++i) {
    Content content = files_[i]->current();
    if (content == contents_[i]) continue;
    contents_[i] = std::move(content);
    changed = true;
  }
  if (changed) {
    auto next = std::make_shared<KeySet>();
    next->generation = keys_ == nullptr ? 1 : keys_->generation + 1;
    for (const Content& content : contents_) {
      next->keys.insert(next->keys.end(), content->begin(), content->end());
    }
    keys_ = std::move(next);
  }
  return keys_;
}

Task<KeySetPointer> KeyFiles::renew(KeySetPointer /*seen*/) {
  // Within a second current() sees every change by itself.
  co_return current();
}

void KeyFiles::look_now() {
  for (const auto& file : files_) file->look_now();
}

}  // namespace chartmuseum::auth

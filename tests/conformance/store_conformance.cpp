// SPDX-License-Identifier: Apache-2.0
#include "conformance/store_conformance.hpp"

#include "conformance/run_task.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace chartmuseum::storage {

namespace {

template <class T>
T value_of(Result<T> result) {
  if (!result) throw std::runtime_error("the store failed: " + result.error().detail);
  return std::move(*result);
}

std::string read_whole_file(int descriptor) {
  std::string bytes;
  std::array<char, 65536> piece{};
  while (true) {
    const auto offset = static_cast<off_t>(bytes.size());
    const ssize_t got = ::pread(descriptor, piece.data(), piece.size(), offset);
    if (got <= 0) return bytes;
    bytes.append(piece.data(), static_cast<std::size_t>(got));
  }
}

std::string read_whole_stream(ObjectStream& stream) {
  std::string bytes;
  while (true) {
    const std::string piece = value_of(run_task(stream.next()));
    if (piece.empty()) return bytes;
    bytes += piece;
  }
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const StoreBackend& backend) {
  return out << backend.name;
}

void StoreConformance::SetUp() {
  under_test_ = GetParam().make();
  if (!under_test_.store) GTEST_SKIP() << GetParam().why_not;
}

Result<ObjectInfo> StoreConformance::try_put(const std::string& key, std::string_view bytes,
                                             PutCondition condition) {
  return run_task(store().put(key, bytes, condition));
}

ObjectInfo StoreConformance::put(const std::string& key, std::string_view bytes,
                                 PutCondition condition) {
  return value_of(try_put(key, bytes, condition));
}

std::string StoreConformance::get(const std::string& key) {
  auto got = run_task(store().get(key, 1 << 30));
  if (!got) return "(failed: " + got.error().detail + ")";
  if (!*got) return "(absent)";
  return std::move((*got)->bytes);
}

std::string StoreConformance::open(const std::string& key) {
  auto opened = run_task(store().open(key));
  if (!opened) return "(failed: " + opened.error().detail + ")";
  if (!*opened) return "(absent)";
  auto& content = (*opened)->content;
  if (auto* file = std::get_if<std::shared_ptr<const FileDescriptor>>(&content)) {
    return read_whole_file((*file)->get()).substr(0, (*opened)->info.size);
  }
  if (auto* bytes = std::get_if<std::shared_ptr<const std::string>>(&content)) return **bytes;
  return read_whole_stream(*std::get<std::shared_ptr<ObjectStream>>(content));
}

std::optional<ObjectInfo> StoreConformance::stat(const std::string& key) {
  return value_of(run_task(store().stat(key)));
}

bool StoreConformance::remove(const std::string& key) {
  return value_of(run_task(store().remove(key)));
}

std::vector<ObjectInfo> StoreConformance::list(const std::string& folder) {
  return value_of(run_task(store().list(folder)));
}

std::vector<std::string> StoreConformance::names(const std::string& folder) {
  std::vector<std::string> names;
  for (ObjectInfo& object : list(folder)) names.push_back(std::move(object.name));
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace chartmuseum::storage

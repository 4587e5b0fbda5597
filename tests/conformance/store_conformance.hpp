// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/object_store.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::storage {

/// What a backend does otherwise on purpose, or cannot do.
struct StoreTraits {
  bool watchable = false;
  bool stamps = false;  // folder_stamp() has a value
  bool etags = true;
  bool atomic_create_only = true;   // between any number of writers at once
  bool one_remover = true;          // of several at once only one is told that the object was there
  bool replaces_whole = true;       // whoever reads meanwhile gets the old object or the new one
  bool names_with_any_byte = true;  // else: UTF-8 only
  bool names_with_markup = true;    // also with & and quotes
  std::size_t longest_name = 255;
  std::size_t many_objects = 2'500;    // more than any page of a listing
  std::size_t large_object = 6 << 20;  // more than any part of a multi-part upload
};

/// A store, empty, with what it stands on; made anew for each test.
struct StoreUnderTest {
  std::shared_ptr<void> ground;  // a folder, a server: goes after the store
  std::shared_ptr<ObjectStore> store;
};

struct StoreBackend {
  std::string name;
  /// Null store: it cannot be had here; `why_not` is printed with the skipped tests.
  std::function<StoreUnderTest()> make;
  StoreTraits traits;
  std::string why_not;
};

std::ostream& operator<<(std::ostream& out, const StoreBackend& backend);

/// The tests' view of a store: tasks run to their end, failures of the store end the test.
class StoreConformance : public testing::TestWithParam<StoreBackend> {
 protected:
  void SetUp() override;

  [[nodiscard]] ObjectStore& store() const { return *under_test_.store; }
  [[nodiscard]] static const StoreTraits& traits() { return GetParam().traits; }

  ObjectInfo put(const std::string& key, std::string_view bytes,
                 PutCondition condition = PutCondition::create_only);
  [[nodiscard]] Result<ObjectInfo> try_put(const std::string& key, std::string_view bytes,
                                           PutCondition condition = PutCondition::create_only);
  /// The bytes, or "(absent)" or "(failed: ...)".
  [[nodiscard]] std::string get(const std::string& key);
  /// The same through open(), whatever it yields.
  [[nodiscard]] std::string open(const std::string& key);
  [[nodiscard]] std::optional<ObjectInfo> stat(const std::string& key);
  [[nodiscard]] bool remove(const std::string& key);
  [[nodiscard]] std::vector<ObjectInfo> list(const std::string& folder);
  /// Sorted.
  [[nodiscard]] std::vector<std::string> names(const std::string& folder);

 private:
  StoreUnderTest under_test_;
};

}  // namespace chartmuseum::storage

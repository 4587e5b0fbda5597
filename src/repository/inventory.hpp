// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "repository/chart_version.hpp"
#include "repository/entries.hpp"
#include "repository/rendered_entry.hpp"
#include "storage/object_store.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace chartmuseum::repository {

enum class ObjectKind { package, provenance, other };

/// By its name alone: ".tgz", ".tgz.prov", or nothing that an index is about.
[[nodiscard]] ObjectKind kind_of(std::string_view file_name);

/// What an object looked like when it was last read: enough to tell whether it is another now.
struct SeenObject {
  std::uint64_t size = 0;
  Timestamp modified;
  std::size_t etag = 0;  // a hash; 0 where the store has none

  SeenObject() = default;
  explicit SeenObject(const storage::ObjectInfo& info);
  /// As storage::ObjectInfo::same_content.
  [[nodiscard]] bool same_content(const storage::ObjectInfo& info) const;
};

/// What the writer of an index knows of a folder: every package and provenance file in it, and
/// which of them each chart version is listed by. Turns news of objects into changes of entries,
/// which take_changes() hands over. Not thread-safe.
///
/// Where several objects hold the same name and version, one is listed, whatever the order in
/// which they came: "<name>-<version>.tgz" if it is among them, else the first by name. The
/// texts of the others are kept for when it goes.
class Inventory {
 public:
  /// Packages and provenance files, also broken ones.
  [[nodiscard]] std::size_t count() const { return records_.size(); }
  [[nodiscard]] bool contains(std::string_view file_name) const;
  [[nodiscard]] std::optional<SeenObject> seen(std::string_view file_name) const;
  /// The chart version that the object holds; null if it is no package, broken, or not known.
  [[nodiscard]] ChartVersionPointer version_in(std::string_view file_name) const;
  /// The entry of the object, with its texts; `listed` as in put_package.
  [[nodiscard]] std::optional<RenderedEntry> entry_in(std::string_view file_name,
                                                      const Entries& listed) const;
  /// The objects that hold this chart version.
  [[nodiscard]] std::vector<std::string> files_of(std::string_view name,
                                                  std::string_view version) const;

  /// The object holds this entry. `listed` is the list to which the changes handed over so far
  /// were applied. Returns the object that lists the same version, if another does.
  std::optional<std::string> put_package(const storage::ObjectInfo& info, RenderedEntry entry,
                                         const Entries& listed);
  /// The object is no package, or a provenance file.
  void put_broken(const storage::ObjectInfo& info);
  void put_provenance(const storage::ObjectInfo& info);
  void remove(std::string_view file_name);

  /// What a listing of the folder says that is not known yet.
  struct Difference {
    std::vector<std::size_t> changed;  // new or other content: positions in the listing
    std::vector<std::size_t> retimed;  // packages of the same content, with another time
    std::vector<std::string> gone;     // file names
  };
  [[nodiscard]] Difference compare(std::span<const storage::ObjectInfo> listing);

  /// How many changes take_changes() would hand over.
  [[nodiscard]] std::size_t changes() const { return changes_.size(); }
  [[nodiscard]] std::vector<EntryChange> take_changes() { return std::exchange(changes_, {}); }

 private:
  using Identity = std::pair<std::string_view, std::string_view>;  // name, version

  struct Record {
    SeenObject seen;
    /// A package's entry, or the name of what is none. Owns the text of the record's key.
    std::variant<ChartVersionPointer, std::shared_ptr<const std::string>> content;
    std::uint32_t comparison = 0;  // the last one that found it
  };

  struct IdentityHash {
    using is_transparent = void;
    std::size_t operator()(const ChartVersion* version) const;
    std::size_t operator()(const Identity& identity) const;
  };
  struct IdentityEqual {
    using is_transparent = void;
    bool operator()(const ChartVersion* left, const ChartVersion* right) const;
    bool operator()(const Identity& left, const ChartVersion* right) const;
    bool operator()(const ChartVersion* left, const Identity& right) const;
  };

  void put_named(const storage::ObjectInfo& info);
  void list(RenderedEntry entry);
  void unlist(const ChartVersionPointer& gone);
  [[nodiscard]] RenderedEntry rendered(const Record& record, const Entries& listed) const;

  std::unordered_map<std::string_view, Record> records_;  // by file name
  boost::unordered_flat_set<const ChartVersion*, IdentityHash, IdentityEqual> listed_;
  std::map<std::pair<std::string, std::string>, std::vector<RenderedEntry>> unlisted_;
  std::vector<EntryChange> changes_;
  std::uint32_t comparison_ = 0;
};

}  // namespace chartmuseum::repository

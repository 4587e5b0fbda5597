// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chart/archive.hpp"
#include "chart/package_error.hpp"

#include <cstddef>
#include <expected>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::chart {

/// Those files of one chart that Helm's loader looks into, and its subcharts with theirs. Data is
/// referred to, not copied.
struct ChartFiles {
  enum class Kind { chart, chart_lock, requirements, requirements_lock, values };

  struct File {
    Kind kind;
    std::string_view data;
  };

  /// What stands below charts/ under one name.
  struct Subchart {
    std::string name;
    bool is_archive = false;                // "<name>" is a package of its own
    std::string_view archive;               // its bytes
    std::string first_path;                 // of an archive: what came first under the name
    std::unique_ptr<ChartFiles> directory;  // of any other
  };

  std::vector<File> files;          // in archive order
  std::vector<Subchart> subcharts;  // in order of their first files
  std::map<std::string, std::size_t, std::less<>> subchart_by_name;
};

/// Sorts the files of an archive into a chart and its subcharts.
class ChartFilesBuilder {
 public:
  /// `nesting` and `subcharts` are what is left of the limits of that name; the latter is counted
  /// down.
  ChartFilesBuilder(std::size_t nesting, std::size_t& subcharts);

  /// Where the data of the file at `path` is to be put, valid until the next call; null if nobody
  /// needs it.
  [[nodiscard]] std::expected<std::string_view*, PackageError> place(std::string_view path);

  [[nodiscard]] ChartFiles take() { return std::move(root_); }

 private:
  ChartFiles root_;
  const std::size_t nesting_;
  std::size_t& subcharts_;
};

}  // namespace chartmuseum::chart

// SPDX-License-Identifier: Apache-2.0
#include "chart/chart_files.hpp"

#include <optional>
#include <utility>

namespace chartmuseum::chart {

namespace {

constexpr std::string_view kCharts = "charts/";

std::optional<ChartFiles::Kind> kind_of(std::string_view path) {
  using enum ChartFiles::Kind;
  if (path == "Chart.yaml") return chart;
  if (path == "Chart.lock") return chart_lock;
  if (path == "requirements.yaml") return requirements;
  if (path == "requirements.lock") return requirements_lock;
  if (path == "values.yaml") return values;
  return std::nullopt;
}

}  // namespace

ChartFilesBuilder::ChartFilesBuilder(std::size_t nesting, std::size_t& subcharts)
    : nesting_(nesting), subcharts_(subcharts) {}

std::expected<std::string_view*, PackageError> ChartFilesBuilder::place(std::string_view path) {
  ChartFiles* chart = &root_;
  for (std::size_t depth = 0;; ++depth) {
    if (const auto kind = kind_of(path)) {
      return &chart->files.emplace_back(*kind, std::string_view()).data;
    }
    if (!path.starts_with(kCharts) || path.ends_with(".prov")) return nullptr;

    path.remove_prefix(kCharts.size());
    const std::size_t slash = path.find('/');
    const std::string_view name = path.substr(0, slash);
    if (name.starts_with('_') || name.starts_with('.')) return nullptr;

    const auto known = chart->subchart_by_name.find(name);
    const bool is_new = known == chart->subchart_by_name.end();
    if (is_new) {
      if (depth == nesting_) {
        return std::unexpected(PackageError{"charts are nested too deeply"});
      }
      if (subcharts_ == 0) return std::unexpected(PackageError{"chart has too many subcharts"});
      --subcharts_;
      chart->subchart_by_name.emplace(name, chart->subcharts.size());
      ChartFiles::Subchart& added = chart->subcharts.emplace_back();
      added.name = name;
      added.is_archive = name.ends_with(".tgz");
    }
    ChartFiles::Subchart& subchart =
        is_new ? chart->subcharts.back() : chart->subcharts[known->second];
    if (subchart.is_archive) {  // of which only the first file under its name is looked at
      if (!is_new) return nullptr;
      subchart.first_path = path;
      return slash == std::string_view::npos ? &subchart.archive : nullptr;
    }
    if (subchart.directory == nullptr) subchart.directory = std::make_unique<ChartFiles>();
    if (slash == std::string_view::npos) return nullptr;  // a file that is no chart
    chart = subchart.directory.get();
    path.remove_prefix(slash + 1);
  }
}

}  // namespace chartmuseum::chart

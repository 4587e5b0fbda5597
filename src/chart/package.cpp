// SPDX-License-Identifier: Apache-2.0
#include "chart/package.hpp"

#include "chart/chart_files.hpp"
#include "chart/metadata_decoder.hpp"
#include "chart/metadata_validation.hpp"

#include <utility>

namespace chartmuseum::chart {

namespace {

// Loads a chart as Helm's loader does, in its order, so that of several faults the same one is
// reported. One instance reads one package with all that is packed within it.
class Loader {
 public:
  explicit Loader(const ArchiveLimits& limits)
      : limits_(limits), stream_left_(limits.stream_size), subcharts_left_(limits.subcharts) {}

  using Loaded = std::expected<Metadata, PackageError>;

  // Shows the files of the outermost chart to `observe` before they go.
  template <class Observe>
  Loaded load_package(std::string_view bytes, Observe observe) {
    ArchiveReader reader(bytes, limits_, stream_left_);
    std::expected<ChartFiles, PackageError> files = sort_files(reader, 0);
    stream_left_ -= reader.inflated();
    if (!files) return std::unexpected(std::move(files.error()));
    Loaded loaded = load_files(*files, 0);
    if (loaded) observe(*files);
    return loaded;
  }

 private:
  // Every chart that is packed or unpacked within another one is a level deeper.
  std::expected<ChartFiles, PackageError> sort_files(ArchiveReader& reader, std::size_t depth) {
    ChartFilesBuilder builder(limits_.nesting - depth, subcharts_left_);
    for (;;) {
      const auto path = reader.next();
      if (!path) return std::unexpected(path.error());
      if (!*path) return builder.take();
      const auto wanted = builder.place(**path);
      if (!wanted) return std::unexpected(wanted.error());
      if (*wanted == nullptr) continue;
      const auto data = reader.read();
      if (!data) return std::unexpected(data.error());
      **wanted = *data;
    }
  }

  Loaded load_files(const ChartFiles& files, std::size_t depth) {
    Loaded metadata = load_metadata(files);
    if (!metadata) return metadata;
    for (const ChartFiles::Subchart& subchart : files.subcharts) {
      if (subchart.is_archive && subchart.first_path != subchart.name) {
        return std::unexpected(PackageError{"error unpacking subchart tar in " + metadata->name +
                                            ": expected " + subchart.name + ", got " +
                                            subchart.first_path});
      }
      const Loaded loaded = subchart.is_archive ? load_archive(subchart.archive, depth + 1)
                                                : load_files(*subchart.directory, depth + 1);
      if (!loaded) {
        return std::unexpected(PackageError{"error unpacking subchart " + subchart.name + " in " +
                                            metadata->name + ": " + loaded.error().message});
      }
    }
    return metadata;
  }

  Loaded load_archive(std::string_view bytes, std::size_t depth) {
    ArchiveReader reader(bytes, limits_, stream_left_);
    const std::expected<ChartFiles, PackageError> files = sort_files(reader, depth);
    stream_left_ -= reader.inflated();
    if (!files) return std::unexpected(files.error());
    return load_files(*files, depth);
  }

  Loaded load_metadata(const ChartFiles& files) {
    using Kind = ChartFiles::Kind;
    DecodedMetadata decoded;
    bool found = false;
    for (const ChartFiles::File& file : files.files) {
      if (file.kind != Kind::chart) continue;
      found = true;
      const auto outcome = decode_metadata(file.data, "Chart.yaml", yaml_budget_, decoded);
      if (!outcome) return std::unexpected(outcome.error());
    }
    for (const ChartFiles::File& file : files.files) {
      std::expected<void, PackageError> outcome;
      switch (file.kind) {
        case Kind::chart:
          break;
        case Kind::chart_lock:
          outcome = check_lock(file.data, "Chart.lock", yaml_budget_);
          break;
        case Kind::values:
          outcome = check_values(file.data, yaml_budget_);
          break;
        // Either makes Helm go on without Chart.yaml, to the validation.
        case Kind::requirements:
          found = true;
          outcome = decode_metadata(file.data, "requirements.yaml", yaml_budget_, decoded);
          break;
        case Kind::requirements_lock:
          found = true;
          outcome = check_lock(file.data, "requirements.lock", yaml_budget_);
          break;
      }
      if (!outcome) return std::unexpected(outcome.error());
    }
    if (!found) return std::unexpected(PackageError{"Chart.yaml file is missing"});
    return validate_metadata(std::move(decoded));
  }

  const ArchiveLimits& limits_;
  std::uint64_t stream_left_;
  std::size_t subcharts_left_;
  encoding::YamlBudget yaml_budget_;
};

}  // namespace

std::string Package::file_name() const {
  return metadata_.name + "-" + metadata_.version + ".tgz";
}

std::expected<Package, PackageError> read_package(std::string_view bytes,
                                                  const ArchiveLimits& limits) {
  auto metadata = Loader(limits).load_package(bytes, [](const ChartFiles&) {});
  if (!metadata) return std::unexpected(std::move(metadata.error()));
  Package package;
  package.metadata_ = *std::move(metadata);
  package.digest_ = Digest::of(bytes);
  package.size_ = bytes.size();
  return package;
}

std::expected<std::optional<std::string>, PackageError> read_values(std::string_view bytes,
                                                                    const ArchiveLimits& limits) {
  std::optional<std::string> values;
  const auto keep = [&](const ChartFiles& chart) {
    for (const ChartFiles::File& file : chart.files) {
      if (file.kind == ChartFiles::Kind::values) values = file.data;
    }
  };
  const auto loaded = Loader(limits).load_package(bytes, keep);
  if (!loaded) return std::unexpected(loaded.error());
  return values;
}

}  // namespace chartmuseum::chart

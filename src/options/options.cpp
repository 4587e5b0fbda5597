// SPDX-License-Identifier: Apache-2.0
#include "options/options.hpp"

#include "options/checks.hpp"
#include "options/command_line.hpp"
#include "options/config_file.hpp"
#include "options/help.hpp"
#include "options/values.hpp"

#include <algorithm>
#include <utility>

namespace chartmuseum::options {

namespace {

const Given* find(const std::vector<Given>& given, const Option& option) {
  const auto found = std::ranges::find(given, &option, &Given::option);
  return found == given.end() ? nullptr : &*found;
}

/// An empty variable is as good as none.
std::optional<Given> from_environment(const Option& option, const Environment& environment) {
  auto value = environment(std::string(option.variable));
  if (!value || value->empty()) return std::nullopt;
  return Given{&option, std::string(option.variable) + " (environment)", {std::move(*value)}};
}

std::expected<ConfigFile, UsageError> find_config_file(const std::vector<Given>& flags,
                                                       const Environment& environment) {
  const Option& config = *find_flag("config");
  const Given* flag = find(flags, config);
  const auto variable = from_environment(config, environment);
  const std::string path = flag != nullptr ? flag->texts.back()
                           : variable      ? variable->texts.back()
                                           : std::string();
  if (path.empty()) return ConfigFile{};
  return read_config_file(path);
}

/// Of each option that is given at all, what the strongest source says.
std::vector<Given> strongest(const std::vector<Given>& flags, const Environment& environment,
                             const std::vector<Given>& file) {
  std::vector<Given> result;
  for (const Option& option : option_table()) {
    if (const Given* flag = find(flags, option)) {
      result.push_back(*flag);
    } else if (auto variable = from_environment(option, environment)) {
      result.push_back(std::move(*variable));
    } else if (const Given* key = find(file, option)) {
      result.push_back(*key);
    }
  }
  return result;
}

void warn_of_retired(const std::vector<Given>& given, std::vector<std::string>& warnings) {
  for (const Given& one : given) {
    if (one.option->flag == "disable-metrics" && differs_from_default(one)) {
      warnings.push_back(one.place + " has no effect: metrics are off unless they are switched on");
    }
  }
}

UsageError with_pointer(UsageError error) {
  error.message += "\nchartmuseum --help lists every option.";
  return error;
}

std::expected<std::variant<Options, Printout>, UsageError> read(
    std::span<const std::string_view> arguments, const Environment& environment) {
  const auto parsed = parse_command_line(arguments);
  if (!parsed) return std::unexpected(parsed.error());
  if (const auto* inquiry = std::get_if<Inquiry>(&*parsed)) {
    return Printout{*inquiry == Inquiry::help ? help_text() : version_text()};
  }
  const auto& flags = std::get<std::vector<Given>>(*parsed);
  auto file = find_config_file(flags, environment);
  if (!file) return std::unexpected(std::move(file.error()));

  const std::vector<Given> given = strongest(flags, environment, file->given);
  Draft draft;
  draft.options.warnings = std::move(file->warnings);
  for (const Given& one : given) {
    if (auto error = apply(one, draft)) return std::unexpected(std::move(*error));
  }
  if (auto error = refuse_missing_features(given)) return std::unexpected(std::move(*error));
  warn_of_retired(given, draft.options.warnings);
  auto options = finish(std::move(draft), environment);
  if (!options) return std::unexpected(std::move(options.error()));
  return std::move(*options);
}

}  // namespace

std::expected<std::variant<Options, Printout>, UsageError> read_options(
    std::span<const std::string_view> arguments, const Environment& environment) {
  auto result = read(arguments, environment);
  if (!result) return std::unexpected(with_pointer(std::move(result.error())));
  return result;
}

}  // namespace chartmuseum::options

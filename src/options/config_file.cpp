// SPDX-License-Identifier: Apache-2.0
#include "options/config_file.hpp"

#include "encoding/number.hpp"
#include "encoding/yaml_parser.hpp"
#include "options/suggestion.hpp"
#include "options/values.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>
#include <variant>

namespace chartmuseum::options {

namespace {

constexpr std::size_t kLargestFile = 1 << 20;
constexpr std::size_t kDeepestKey = 16;  // no option's is half as deep
constexpr std::size_t kMostWarnings = 20;

/// A scalar as one would have written it; nothing for a list or a mapping.
struct ScalarText {
  std::optional<std::string> operator()(std::nullptr_t) const { return ""; }
  std::optional<std::string> operator()(bool value) const { return value ? "true" : "false"; }
  std::optional<std::string> operator()(std::int64_t number) const {
    return std::to_string(number);
  }
  std::optional<std::string> operator()(std::uint64_t number) const {
    return std::to_string(number);
  }
  std::optional<std::string> operator()(double number) const {
    return encoding::yaml_number(number);
  }
  std::optional<std::string> operator()(const std::string& text) const { return text; }
  std::optional<std::string> operator()(const encoding::Value::List&) const { return std::nullopt; }
  std::optional<std::string> operator()(const encoding::Value::Mapping&) const {
    return std::nullopt;
  }
};

std::optional<std::string> scalar_text(const encoding::Value& value) {
  return std::visit(ScalarText(), value.content());
}

class Reader {
 public:
  explicit Reader(const std::string& name) : name_(name) {}

  /// Takes what is below `path`: keys may be nested, dotted, or both.
  std::optional<UsageError> read(const std::string& path, const encoding::Value& value,
                                 std::size_t depth = 0) {
    const Option* option = find_key(path);
    if (option != nullptr) return read_option(*option, path, value);
    if (const auto* mapping = value.mapping(); mapping != nullptr && depth < kDeepestKey) {
      for (const auto& [key, below] : *mapping) {
        if (auto error = read(path.empty() ? key : path + '.' + key, below, depth + 1))
          return error;
      }
      return std::nullopt;
    }
    if (const auto [owner, repository] = key_value_owner(path); owner != nullptr) {
      return read_entry(*owner, path, repository, value);
    }
    warn_of_unknown(path);
    return std::nullopt;
  }

  [[nodiscard]] ConfigFile result() && { return std::move(result_); }

 private:
  std::string place(const std::string& path) const { return printable(path) + " in " + name_; }

  std::optional<UsageError> read_option(const Option& option, const std::string& path,
                                        const encoding::Value& value) {
    if (value.is_null()) return std::nullopt;
    const auto* mapping = value.mapping();
    if (option.type == Type::key_value && mapping != nullptr) {
      for (const auto& [repository, id] : *mapping) {
        if (auto error = read_entry(option, path, repository, id)) return error;
      }
      return std::nullopt;
    }
    auto text = scalar_text(value);
    if (!text) return UsageError{place(path) + ": a single value is wanted, not a list or mapping"};
    if (std::ranges::find(result_.given, &option, &Given::option) != result_.given.end()) {
      return UsageError{place(path) + ": the key is there twice"};
    }
    if (option.type == Type::duration) *text = with_unit(path, value, std::move(*text));
    result_.given.push_back({&option, place(path), {std::move(*text)}});
    return std::nullopt;
  }

  /// `artifact-hub-repo-id: {org1: <id>}`, as "org1=<id>"; a repository's name keeps its case.
  std::optional<UsageError> read_entry(const Option& option, const std::string& path,
                                       const std::string& repository, const encoding::Value& id) {
    const auto text = scalar_text(id);
    if (!text) return UsageError{place(path) + ": a single value is wanted for each repository"};
    auto given = std::ranges::find(result_.given, &option, &Given::option);
    if (given == result_.given.end()) {
      given = result_.given.insert(given, {&option, place(path), {}});
    }
    given->texts.push_back(repository + '=' + *text);
    return std::nullopt;
  }

  /// The key-value option of a dotted key such as `artifact-hub-repo-id.org1`.
  static std::pair<const Option*, std::string> key_value_owner(const std::string& path) {
    const std::size_t dot = path.find('.');
    if (dot == std::string::npos) return {nullptr, {}};
    const Option* option = find_key(path.substr(0, dot));
    if (option == nullptr || option->type != Type::key_value) return {nullptr, {}};
    return {option, path.substr(dot + 1)};
  }

  /// The Go server takes a bare number for nanoseconds, which is hardly ever what is meant.
  std::string with_unit(const std::string& path, const encoding::Value& value, std::string text) {
    if (!std::holds_alternative<std::int64_t>(value.content()) || text == "0") return text;
    result_.warnings.push_back(place(path) + ": " + text +
                               " has no unit and is taken for nanoseconds; write " + text +
                               "s for seconds");
    return text + "ns";
  }

  void warn_of_unknown(const std::string& path) {
    if (result_.warnings.size() >= kMostWarnings) return;
    std::string warning = place(path) + ": unknown key, ignored";
    std::vector<std::string_view> keys;
    for (const Option& option : option_table()) {
      if (option.key.empty()) continue;
      keys.push_back(option.key);
    }
    const Option* flag = find_flag(path);
    const auto meant = flag != nullptr && !flag->key.empty() ? flag->key : nearest(path, keys);
    if (meant) warning += "; did you mean " + std::string(*meant) + "?";
    result_.warnings.push_back(std::move(warning));
  }

  const std::string& name_;
  ConfigFile result_;
};

UsageError unreadable(const std::string& path, const std::string& reason) {
  return {"config file " + printable(path) + " cannot be read: " + reason};
}

std::string last_error() {
  return std::error_code(errno, std::generic_category()).message();
}

std::expected<std::string, UsageError> read_file(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    return std::unexpected(unreadable(path, "it is a folder"));
  }
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"),
                                                             &std::fclose);
  if (file == nullptr && errno == ENOENT) {
    return std::unexpected(UsageError{"config file " + printable(path) + " does not exist"});
  }
  if (file == nullptr) return std::unexpected(unreadable(path, last_error()));
  std::string text(kLargestFile + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get()) != 0) return std::unexpected(unreadable(path, last_error()));
  if (text.size() > kLargestFile)
    return std::unexpected(unreadable(path, "it is larger than 1 MiB"));
  return text;
}

}  // namespace

std::expected<ConfigFile, UsageError> parse_config(std::string_view text, const std::string& name) {
  const auto document = encoding::parse_yaml(text);
  if (!document) {
    return std::unexpected(
        UsageError{"config file " + printable(name) + ": " + document.error().message()});
  }
  if (document->is_null()) return ConfigFile{};
  if (document->mapping() == nullptr) {
    return std::unexpected(
        UsageError{"config file " + printable(name) + ": it holds no \"key: value\" lines"});
  }
  Reader reader(name);
  if (auto error = reader.read("", *document)) return std::unexpected(std::move(*error));
  return std::move(reader).result();
}

std::expected<ConfigFile, UsageError> read_config_file(const std::string& path) {
  const std::string extension = std::filesystem::path(path).extension().string();
  if (!extension.empty() && extension != ".yaml" && extension != ".yml") {
    return std::unexpected(UsageError{"config file " + printable(path) +
                                      " must have the extension .yaml or .yml, or none"});
  }
  const auto text = read_file(path);
  if (!text) return std::unexpected(text.error());
  return parse_config(*text, path);
}

}  // namespace chartmuseum::options

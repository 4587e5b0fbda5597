// SPDX-License-Identifier: Apache-2.0
#include "options/command_line.hpp"

#include "options/suggestion.hpp"
#include "options/values.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace chartmuseum::options {

namespace {

/// An argument with dashes, taken apart.
struct Flag {
  std::string_view name;
  std::optional<std::string_view> value;  // behind "="
};

std::optional<Flag> take_apart(std::string_view argument) {
  if (argument.size() < 2 || argument.front() != '-') return std::nullopt;
  argument.remove_prefix(argument.starts_with("--") ? 2 : 1);
  const std::size_t equals = argument.find('=');
  if (equals == std::string_view::npos) return Flag{argument, std::nullopt};
  return Flag{argument.substr(0, equals), argument.substr(equals + 1)};
}

std::optional<Inquiry> inquiry(std::string_view name) {
  if (name == "help" || name == "h") return Inquiry::help;
  if (name == "version" || name == "v") return Inquiry::version;
  return std::nullopt;
}

UsageError unknown(std::string_view name) {
  std::vector<std::string_view> flags{"help", "version"};
  for (const Option& option : option_table()) flags.push_back(option.flag);
  std::string message = "unknown option " + printable("--" + std::string(name));
  if (const auto meant = nearest(name, flags))
    message += "; did you mean --" + std::string(*meant) + "?";
  return {std::move(message)};
}

class Parser {
 public:
  explicit Parser(std::span<const std::string_view> arguments) : rest_(arguments) {}

  std::expected<std::variant<std::vector<Given>, Inquiry>, UsageError> parse() {
    while (!rest_.empty()) {
      const std::string_view argument = take();
      if (argument == "--" && rest_.empty()) break;
      const auto flag = take_apart(argument);
      if (argument == "help" && given_.empty()) return Inquiry::help;
      if (!flag || flag->name.empty()) return std::unexpected(stray(argument));
      const Option* option = find_flag(flag->name);
      if (option == nullptr) {
        if (const auto asked = inquiry(flag->name)) return *asked;
        return std::unexpected(unknown(flag->name));
      }
      auto value = value_of(*option, *flag);
      if (!value) return std::unexpected(std::move(value.error()));
      add(*option, std::move(*value));
    }
    return std::move(given_);
  }

 private:
  std::string_view take() {
    const std::string_view argument = rest_.front();
    rest_ = rest_.subspan(1);
    return argument;
  }

  std::expected<std::string, UsageError> value_of(const Option& option, const Flag& flag) {
    if (flag.value) return std::string(*flag.value);
    if (option.type == Type::boolean) return "true";
    const std::string name = "--" + std::string(option.flag);
    if (rest_.empty()) return std::unexpected(UsageError{name + " needs a value"});
    // As in Go, the next argument is the value whatever it looks like, unless it is an option.
    if (const auto next = take_apart(rest_.front()); next && find_flag(next->name) != nullptr) {
      return std::unexpected(UsageError{name + " needs a value, but --" + std::string(next->name) +
                                        " follows it; a value that looks like an option is given "
                                        "as " +
                                        name + "=<value>"});
    }
    return std::string(take());
  }

  void add(const Option& option, std::string value) {
    const auto known = std::ranges::find(given_, &option, &Given::option);
    if (known == given_.end()) {
      given_.push_back({&option, "--" + std::string(option.flag), {std::move(value)}});
    } else if (option.type == Type::key_value) {
      known->texts.push_back(std::move(value));
    } else {
      known->texts = {std::move(value)};
    }
    last_ = &option;
  }

  [[nodiscard]] UsageError stray(std::string_view argument) const {
    if (last_ != nullptr && last_->type == Type::boolean && parse_bool(argument)) {
      const std::string name = "--" + std::string(last_->flag);
      return {name + " " + std::string(argument) + ": write " + name + "=" + std::string(argument)};
    }
    // The end of a password with a blank in it is no less secret.
    const bool shown = last_ == nullptr || !last_->secret;
    return {"unexpected argument" + (shown ? " " + printable(argument) : std::string()) +
            (last_ == nullptr ? "" : " after --" + std::string(last_->flag)) +
            "; options begin with --"};
  }

  std::span<const std::string_view> rest_;
  std::vector<Given> given_;
  const Option* last_ = nullptr;
};

}  // namespace

std::expected<std::variant<std::vector<Given>, Inquiry>, UsageError> parse_command_line(
    std::span<const std::string_view> arguments) {
  return Parser(arguments).parse();
}

}  // namespace chartmuseum::options

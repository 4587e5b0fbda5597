// SPDX-License-Identifier: Apache-2.0
// Prints, for each constraint on standard input, one a line, those of the versions given as
// arguments that it allows, or "refused". For comparisons with Helm.
#include "chart/constraint.hpp"

#include <iostream>
#include <span>
#include <string>

int main(int argc, char** argv) {
  using chartmuseum::chart::Constraint;
  using chartmuseum::chart::Version;
  const std::span versions(argv + 1, static_cast<std::size_t>(argc - 1));
  for (std::string line; std::getline(std::cin, line);) {
    const auto constraint = Constraint::parse(line);
    if (!constraint) std::cout << "refused";
    for (const char* text : versions) {
      const auto version = Version::parse(text);
      if (constraint && version && constraint->allows(*version)) std::cout << text << ' ';
    }
    std::cout << "\n";
  }
}

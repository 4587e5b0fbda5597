// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace chartmuseum::encoding {

/// Writes one YAML document with libyaml's emitter in the reference's layout: two spaces,
/// sequences not indented below their key, width 80, unicode kept, no markers; strings are
/// quoted only where they would be read back as something else. The caller gives keys in the
/// order wanted (natural_order.hpp). Not thread-safe; reusable after take().
class YamlWriter {
 public:
  YamlWriter();
  ~YamlWriter();
  YamlWriter(const YamlWriter&) = delete;
  YamlWriter& operator=(const YamlWriter&) = delete;

  void begin_mapping(bool empty = false);
  void end_mapping();
  void begin_list(bool empty = false);
  void end_list();

  void key(std::string_view text);      // a string; quoted as one
  void string(std::string_view text);
  void quoted(std::string_view text);   // always in double quotes (timestamps)
  void boolean(bool value);
  void null();
  void number(std::string_view digits); // written as it is

  /// Ends the document and returns its text.
  [[nodiscard]] std::string take();

 private:
  class Emitter;
  std::unique_ptr<Emitter> emitter_;
};

}  // namespace chartmuseum::encoding

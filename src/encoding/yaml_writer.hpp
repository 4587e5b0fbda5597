// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace chartmuseum::encoding {

class Value;

/// Writes one YAML document with libyaml's emitter in the reference's layout: two spaces,
/// sequences not indented below their key, width 80, unicode kept, no markers; strings are
/// quoted only where they would be read back as something else. The caller gives keys in the
/// order wanted (natural_order.hpp). Any text may be written, of any length, also one that is no
/// UTF-8 (it gets U+FFFD). Not thread-safe; reusable after take().
///
/// The calls must make up one document: a value, where a mapping holds keys and values by turns.
/// std::logic_error tells of one that does not.
class YamlWriter {
 public:
  YamlWriter();
  ~YamlWriter();
  YamlWriter(const YamlWriter&) = delete;
  YamlWriter& operator=(const YamlWriter&) = delete;

  void begin_mapping();  // one that stays empty is written as {}
  void end_mapping();
  void begin_list();  // one that stays empty is written as []
  void end_list();

  void key(std::string_view text);  // a string; quoted as one
  void string(std::string_view text);
  void quoted(std::string_view text);  // always in double quotes (timestamps)
  void boolean(bool value);
  void null();
  void number(std::string_view digits);  // written as it is

  /// Writes `value` with everything in it: keys in natural order, every number a 64-bit float (as
  /// append_json has them), which yaml_number shows.
  void value(const Value& value);

  /// Ends the document and returns its text.
  [[nodiscard]] std::string take();

 private:
  class Emitter;
  std::unique_ptr<Emitter> emitter_;
};

}  // namespace chartmuseum::encoding

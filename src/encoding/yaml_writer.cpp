// SPDX-License-Identifier: Apache-2.0
#include "encoding/yaml_writer.hpp"

#include "encoding/natural_order.hpp"
#include "encoding/number.hpp"
#include "encoding/value.hpp"
#include "encoding/yaml_scalar.hpp"
#include "encoding/yaml_text.hpp"

#include <yaml.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

namespace chartmuseum::encoding {

namespace {

unsigned char* start_of(std::string_view text) {
  // libyaml copies what it is given; only its signatures lack the const.
  return const_cast<unsigned char*>(reinterpret_cast<const unsigned char*>(text.data()));
}

std::vector<const Value::Member*> in_natural_order(const Value::Mapping& mapping) {
  std::vector<const Value::Member*> members;
  members.reserve(mapping.size());
  for (const Value::Member& member : mapping) members.push_back(&member);
  const auto key_of = [](const Value::Member* member) { return std::string_view(member->first); };
  // First in an order that has no circles, so that the outcome depends on nothing but the keys.
  std::ranges::sort(members, {}, key_of);
  std::ranges::stable_sort(members, NaturalLess(), key_of);
  return members;
}

}  // namespace

/// libyaml's emitter of one document after the other.
class YamlWriter::Emitter {
 public:
  Emitter() = default;
  ~Emitter() {
    if (open_) yaml_emitter_delete(&emitter_);
  }
  Emitter(const Emitter&) = delete;
  Emitter& operator=(const Emitter&) = delete;

  void begin_mapping() {
    begin_document();
    check(yaml_mapping_start_event_initialize(&event_, nullptr, nullptr, 1,
                                              YAML_BLOCK_MAPPING_STYLE));
    emit();
  }

  void end_mapping() {
    check(yaml_mapping_end_event_initialize(&event_));
    emit();
  }

  void begin_list() {
    begin_document();
    check(yaml_sequence_start_event_initialize(&event_, nullptr, nullptr, 1,
                                               YAML_BLOCK_SEQUENCE_STYLE));
    emit();
  }

  void end_list() {
    check(yaml_sequence_end_event_initialize(&event_));
    emit();
  }

  void scalar(std::string_view text, yaml_scalar_style_t style) {
    begin_document();
    check(yaml_scalar_event_initialize(&event_, nullptr, nullptr, start_of(text),
                                       static_cast<int>(text.size()), 1, 1, style));
    emit();
  }

  std::string take() {
    if (!open_) throw std::logic_error("a YAML document needs a value");
    // A last scalar that ends in line feeds would else be followed by "...".
    emitter_.open_ended = 0;
    check(yaml_document_end_event_initialize(&event_, 1));
    emit();
    emitter_.open_ended = 0;
    check(yaml_stream_end_event_initialize(&event_));
    emit();
    yaml_emitter_delete(&emitter_);
    open_ = false;
    return std::exchange(text_, {});
  }

 private:
  static int write(void* self, unsigned char* text, std::size_t size) {
    static_cast<Emitter*>(self)->text_.append(reinterpret_cast<const char*>(text), size);
    return 1;
  }

  void begin_document() {
    if (open_) return;
    check(yaml_emitter_initialize(&emitter_));
    open_ = true;
    yaml_emitter_set_output(&emitter_, &Emitter::write, this);
    yaml_emitter_set_unicode(&emitter_, 1);
    check(yaml_stream_start_event_initialize(&event_, YAML_UTF8_ENCODING));
    emit();
    check(yaml_document_start_event_initialize(&event_, nullptr, nullptr, nullptr, 1));
    emit();
  }

  static void check(int done) {
    if (done == 0) throw std::bad_alloc();  // the only thing that an event can fail for
  }

  void emit() {
    if (yaml_emitter_emit(&emitter_, &event_) != 0) return;
    if (emitter_.error == YAML_MEMORY_ERROR) throw std::bad_alloc();
    throw std::logic_error(std::string("not a YAML document: ") + emitter_.problem);
  }

  yaml_emitter_t emitter_{};
  yaml_event_t event_{};
  bool open_ = false;  // a document is begun, and `emitter_` initialised
  std::string text_;
};

YamlWriter::YamlWriter() : emitter_(std::make_unique<Emitter>()) {}
YamlWriter::~YamlWriter() = default;

void YamlWriter::begin_mapping() {
  emitter_->begin_mapping();
}
void YamlWriter::end_mapping() {
  emitter_->end_mapping();
}
void YamlWriter::begin_list() {
  emitter_->begin_list();
}
void YamlWriter::end_list() {
  emitter_->end_list();
}

void YamlWriter::key(std::string_view text) {
  std::string changed;
  text = writable_text(text, changed);
  emitter_->scalar(text, style_of_key(text));
}

void YamlWriter::string(std::string_view text) {
  std::string changed;
  text = fold_next_lines(writable_text(text, changed), changed);
  emitter_->scalar(text, style_of_string(text));
}

void YamlWriter::quoted(std::string_view text) {
  std::string changed;
  emitter_->scalar(writable_text(text, changed), YAML_DOUBLE_QUOTED_SCALAR_STYLE);
}

void YamlWriter::boolean(bool value) {
  emitter_->scalar(value ? "true" : "false", YAML_PLAIN_SCALAR_STYLE);
}

void YamlWriter::null() {
  emitter_->scalar("null", YAML_PLAIN_SCALAR_STYLE);
}

void YamlWriter::number(std::string_view digits) {
  emitter_->scalar(digits, YAML_PLAIN_SCALAR_STYLE);
}

void YamlWriter::value(const Value& value) {
  struct Visitor {
    YamlWriter& writer;

    void operator()(std::nullptr_t) const { writer.null(); }
    void operator()(bool content) const { writer.boolean(content); }
    void operator()(std::int64_t content) const { (*this)(static_cast<double>(content)); }
    void operator()(std::uint64_t content) const { (*this)(static_cast<double>(content)); }
    void operator()(double content) const { writer.number(yaml_number(content)); }
    void operator()(const std::string& content) const { writer.string(content); }

    void operator()(const Value::List& list) const {
      writer.begin_list();
      for (const Value& item : list) writer.value(item);
      writer.end_list();
    }

    void operator()(const Value::Mapping& mapping) const {
      const std::vector<const Value::Member*> members = in_natural_order(mapping);
      writer.begin_mapping();
      for (const Value::Member* member : members) {
        writer.key(member->first);
        writer.value(member->second);
      }
      writer.end_mapping();
    }
  };
  std::visit(Visitor{*this}, value.content());
}

std::string YamlWriter::take() {
  return emitter_->take();
}

}  // namespace chartmuseum::encoding

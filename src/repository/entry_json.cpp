// SPDX-License-Identifier: Apache-2.0
#include "repository/entry_json.hpp"

#include "encoding/json_writer.hpp"

#include <utility>
#include <vector>

namespace chartmuseum::repository {

namespace {

/// The members of one JSON object, in the order of the calls.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::string& out) : out_(out) { out_ += '{'; }
  ~ObjectWriter() { out_ += '}'; }
  ObjectWriter(const ObjectWriter&) = delete;
  ObjectWriter& operator=(const ObjectWriter&) = delete;

  /// The output, where the member's value is to be appended. Keys need no escapes.
  std::string& member(std::string_view key) {
    if (!first_) out_ += ',';
    first_ = false;
    out_ += '"';
    out_ += key;
    out_ += "\":";
    return out_;
  }

  void always(std::string_view key, std::string_view text) {
    encoding::append_json_string(member(key), text);
  }
  void text(std::string_view key, std::string_view text) {
    if (!text.empty()) always(key, text);
  }
  void flag(std::string_view key, bool value) {
    if (value) member(key) += "true";
  }
  template <class Items, class Append>
  void list(std::string_view key, const Items& items, Append append) {
    if (items.empty()) return;
    char before = '[';
    std::string& out = member(key);
    for (const auto& item : items) {
      out += before;
      before = ',';
      append(out, item);
    }
    out += ']';
  }
  void texts(std::string_view key, const std::vector<std::string>& items) {
    list(key, items, [](std::string& out, const std::string& item) {
      encoding::append_json_string(out, item);
    });
  }

 private:
  std::string& out_;
  bool first_ = true;
};

void append_maintainer(std::string& out, const chart::Maintainer& maintainer) {
  ObjectWriter object(out);
  object.text("name", maintainer.name);
  object.text("email", maintainer.email);
  object.text("url", maintainer.url);
}

void append_dependency(std::string& out, const chart::Dependency& dependency) {
  ObjectWriter object(out);
  object.always("name", dependency.name);
  object.text("version", dependency.version);
  object.always("repository", dependency.repository);
  object.text("condition", dependency.condition);
  object.texts("tags", dependency.tags);
  object.flag("enabled", dependency.enabled);
  object.list("import-values", dependency.import_values, encoding::append_json);
  object.text("alias", dependency.alias);
}

void append_annotations(std::string& out,
                        const std::vector<std::pair<std::string, std::string>>& annotations) {
  char before = '{';
  for (const auto& [key, value] : annotations) {
    out += before;
    before = ',';
    encoding::append_json_string(out, key);
    out += ':';
    encoding::append_json_string(out, value);
  }
  out += '}';
}

}  // namespace

std::string entry_json(const chart::Metadata& metadata, std::string_view url,
                       std::string_view created, std::string_view digest) {
  std::string out;
  {
    ObjectWriter object(out);
    object.text("name", metadata.name);
    object.text("home", metadata.home);
    object.texts("sources", metadata.sources);
    object.text("version", metadata.version);
    object.text("description", metadata.description);
    object.texts("keywords", metadata.keywords);
    object.list("maintainers", metadata.maintainers, append_maintainer);
    object.text("icon", metadata.icon);
    object.text("apiVersion", metadata.api_version);
    object.text("condition", metadata.condition);
    object.text("tags", metadata.tags);
    object.text("appVersion", metadata.app_version);
    object.flag("deprecated", metadata.deprecated);
    if (!metadata.annotations.empty()) {
      append_annotations(object.member("annotations"), metadata.annotations);
    }
    object.text("kubeVersion", metadata.kube_version);
    object.list("dependencies", metadata.dependencies, append_dependency);
    object.text("type", metadata.type);
    object.texts("urls", {std::string(url)});
    object.always("created", created);
    object.always("digest", digest);
  }
  return out;
}

}  // namespace chartmuseum::repository

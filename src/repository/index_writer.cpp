// SPDX-License-Identifier: Apache-2.0
#include "repository/index_writer.hpp"

#include <boost/asio/post.hpp>

#include <memory>
#include <utility>

namespace chartmuseum::repository {

namespace {

bool same_content(const Entries& left, const Entries& right) {
  return left.yaml().digest() == right.yaml().digest() &&
         left.json().digest() == right.json().digest();
}

}  // namespace

IndexWriter::IndexWriter(Tenant& tenant, Publication& publication,
                         std::function<void(bool)> on_published)
    : tenant_(tenant),
      publication_(publication),
      on_published_(std::move(on_published)),
      style_{.json = tenant.settings.json_index, .context_path = tenant.settings.context_path},
      published_signal_(tenant.strand) {}

void IndexWriter::absorb() {
  if (inventory_.changes() > 0) entries_ = entries_.with(inventory_.take_changes());
}

Task<> IndexWriter::publish() {
  if (!complete_) co_return;
  const std::uint64_t mine = ++wanted_;
  if (!scheduled_) {
    scheduled_ = true;
    boost::asio::post(tenant_.strand, [this, alive = tenant_.hold()] { drain(); });
  }
  while (published_ < mine) co_await published_signal_.wait();
}

void IndexWriter::drain() {
  scheduled_ = false;
  absorb();
  const IndexPointer current = publication_.index();
  const bool changed = !current || !same_content(current->entries(), entries_);
  if (changed) publication_.publish(std::make_shared<const Index>(style_, entries_, now()));
  on_published_(changed);
  published_ = wanted_;
  published_signal_.notify();
}

}  // namespace chartmuseum::repository

// SPDX-License-Identifier: Apache-2.0
#include "repository/tenant.hpp"

#include "storage/memory_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <utility>

namespace chartmuseum::repository {
namespace {

Task<bool> on_strand(const Tenant& tenant) {
  co_return tenant.strand.running_in_this_thread();
}

Task<bool> works_outside(Tenant& tenant) {
  Task<bool> asking = on_strand(tenant);
  co_return co_await tenant.outside(std::move(asking));
}

Task<> ask(Tenant& tenant, bool& inside, bool& outside) {
  Task<bool> asking = on_strand(tenant);
  inside = co_await tenant.inside(std::move(asking));
  Task<bool> working = works_outside(tenant);
  outside = co_await tenant.inside(std::move(working));
}

// With a single worker too, which is the one that is just running the strand.
TEST(Tenant, leaves_its_strand_to_others_while_work_is_done_outside) {
  for (const std::size_t threads : {1U, 4U}) {
    WorkerPool workers(threads);
    const Settings settings;
    Tenant tenant(settings, "org", std::make_shared<storage::MemoryStore>(), workers,
                  telemetry::Log::discarding());
    bool inside = false;
    bool outside = true;
    boost::asio::io_context context;
    boost::asio::co_spawn(context, ask(tenant, inside, outside), boost::asio::detached);
    context.run();
    EXPECT_TRUE(inside);
    EXPECT_FALSE(outside);
    workers.join();
  }
}

}  // namespace
}  // namespace chartmuseum::repository

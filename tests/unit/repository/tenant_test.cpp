// SPDX-License-Identifier: Apache-2.0
#include "repository/tenant.hpp"

#include "storage/memory_store.hpp"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <thread>

namespace chartmuseum::repository {
namespace {

Task<bool> on_strand(const Tenant& tenant) {
  co_return tenant.strand.running_in_this_thread();
}

Task<bool> works_outside(Tenant& tenant) {
  Task<bool> asking = on_strand(tenant);
  co_return co_await tenant.outside(std::move(asking));
}

// With a single worker too, which is the one that is just running the strand.
TEST(Tenant, leaves_its_strand_to_others_while_work_is_done_outside) {
  for (const std::size_t threads : {1U, 4U}) {
    WorkerPool workers(threads);
    const Settings settings;
    Tenant tenant(settings, "org", std::make_shared<storage::MemoryStore>(), workers,
                  telemetry::Log::discarding());
    std::promise<bool> inside;
    std::promise<bool> outside;
    boost::asio::co_spawn(tenant.strand, on_strand(tenant),
                          [&](std::exception_ptr, bool answer) { inside.set_value(answer); });
    boost::asio::co_spawn(tenant.strand, works_outside(tenant),
                          [&](std::exception_ptr, bool answer) { outside.set_value(answer); });
    EXPECT_TRUE(inside.get_future().get());
    EXPECT_FALSE(outside.get_future().get());
    workers.join();
  }
}

}  // namespace
}  // namespace chartmuseum::repository

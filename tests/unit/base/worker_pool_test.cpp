// SPDX-License-Identifier: Apache-2.0
#include "base/worker_pool.hpp"

#include "base/one_shot.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

namespace chartmuseum {
namespace {

/// Runs a task to its end on an io_context of its own.
template <class Function>
void run_here(Function function) {
  boost::asio::io_context context;
  std::exception_ptr failure;
  boost::asio::co_spawn(context, std::move(function),
                        [&failure](std::exception_ptr thrown) { failure = thrown; });
  context.run();
  if (failure) std::rethrow_exception(failure);
}

TEST(WorkerPool, works_on_its_own_threads_and_resumes_on_the_callers) {
  WorkerPool workers(2);
  run_here([&workers]() -> Task<> {
    const auto caller = std::this_thread::get_id();
    const auto worker = co_await workers.run([] { return std::this_thread::get_id(); });
    EXPECT_NE(worker, caller);
    EXPECT_EQ(std::this_thread::get_id(), caller);
  });
}

TEST(WorkerPool, passes_exceptions_to_the_caller) {
  WorkerPool workers(1);
  EXPECT_THROW(run_here([&workers]() -> Task<> {
                 co_await workers.run([] { throw std::runtime_error("no"); });
               }),
               std::runtime_error);
}

TEST(WorkerPool, runs_nested_work_on_the_same_worker_without_waiting_for_another) {
  WorkerPool workers(1);
  bool done = false;
  boost::asio::co_spawn(
      workers.executor(),
      [&workers, &done]() -> Task<> { done = co_await workers.run([] { return true; }); },
      boost::asio::detached);
  workers.join();
  EXPECT_TRUE(done);
}

TEST(OneShot, hands_a_value_from_another_thread_to_the_waiting_coroutine) {
  run_here([]() -> Task<> {
    auto shot = std::make_shared<OneShot<int>>(co_await boost::asio::this_coro::executor);
    std::thread setter([shot] {
      shot->set(42);
      shot->set(43);
    });
    const int value = co_await shot->wait();
    setter.join();
    EXPECT_EQ(value, 42);
  });
}

}  // namespace
}  // namespace chartmuseum

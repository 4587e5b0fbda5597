// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>

namespace chartmuseum {

/// What every function that may wait returns. It runs on, and resumes on, the executor of the
/// coroutine that awaits it. Parameters of coroutines are taken by value wherever the caller's
/// object might not outlive the wait.
template <class T = void>
using Task = boost::asio::awaitable<T>;

}  // namespace chartmuseum

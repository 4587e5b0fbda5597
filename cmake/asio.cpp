// SPDX-License-Identifier: Apache-2.0
// The bodies of Boost.Asio, compiled once.
#include <boost/asio/impl/src.hpp>

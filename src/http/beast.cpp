// SPDX-License-Identifier: Apache-2.0
// The bodies of Boost.Beast, compiled once.
#include <boost/beast/src.hpp>

// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace chartmuseum {

/// For a unique_ptr to what a C library made: deletes it by the function that the library has for
/// it.
template <auto kFree>
struct FreedBy {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};

}  // namespace chartmuseum

# SPDX-License-Identifier: Apache-2.0
# How everything of ours is compiled. Options are switched by the presets.
option(CHARTMUSEUM_TESTS "Build the unit and conformance tests" OFF)
option(CHARTMUSEUM_FUZZ "Build the fuzz targets (clang only)" OFF)
option(CHARTMUSEUM_BENCH "Build the micro-benchmarks" OFF)
option(CHARTMUSEUM_WERROR "Treat warnings as errors (for developers, not for packagers)" OFF)
set(CHARTMUSEUM_SANITIZE "" CACHE STRING "Sanitizers: address,undefined or thread")

set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(chartmuseum_settings INTERFACE)
target_compile_features(chartmuseum_settings INTERFACE cxx_std_23)  # std::expected
target_compile_options(chartmuseum_settings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Wold-style-cast -Woverloaded-virtual -Wimplicit-fallthrough -Wnull-dereference)
if(CHARTMUSEUM_WERROR)
  target_compile_options(chartmuseum_settings INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees null dereferences and uninitialised values inside the coroutine
  # frames and inlined library headers that are not there.
  target_compile_options(chartmuseum_settings INTERFACE
    -Wno-null-dereference -Wno-maybe-uninitialized)
  if(CHARTMUSEUM_SANITIZE)
    # With the sanitizers' inlining it also sees Asio's frames come from aligned_alloc, but not
    # that their operator delete gives them back with free. And it says of each of Asio's fences that
    # ThreadSanitizer does not follow them (tests/tsan.supp).
    target_compile_options(chartmuseum_settings INTERFACE -Wno-mismatched-new-delete -Wno-tsan)
  endif()
endif()
if(CHARTMUSEUM_SANITIZE)
  target_compile_options(chartmuseum_settings INTERFACE
    -fsanitize=${CHARTMUSEUM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(chartmuseum_settings INTERFACE -fsanitize=${CHARTMUSEUM_SANITIZE})
endif()
if(CHARTMUSEUM_FUZZ)
  target_compile_options(chartmuseum_settings INTERFACE -fsanitize=fuzzer-no-link)
endif()

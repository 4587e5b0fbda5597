# SPDX-License-Identifier: Apache-2.0
# Libraries, all from Debian 12 (script/bootstrap installs them). Each is named by one
# target here, so that a room's CMakeLists.txt says plainly what it stands on.
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(spdlog 1.10 REQUIRED)
find_package(ICU 72 REQUIRED COMPONENTS uc)
find_package(PkgConfig REQUIRED)
pkg_check_modules(yaml REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(deflate REQUIRED IMPORTED_TARGET libdeflate)
pkg_check_modules(curl REQUIRED IMPORTED_TARGET libcurl>=7.87)
pkg_check_modules(crypt REQUIRED IMPORTED_TARGET libxcrypt)
find_package(mimalloc 2.0 REQUIRED)
find_package(pugixml 1.12 REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)

# Asio and Beast are header-only by default; compiling their bodies once (here Asio's, in
# src/http Beast's) keeps every other translation unit small.
add_library(chartmuseum_asio STATIC ${CMAKE_SOURCE_DIR}/cmake/asio.cpp)
target_compile_features(chartmuseum_asio PUBLIC cxx_std_23)
target_compile_definitions(chartmuseum_asio PUBLIC
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED BOOST_BEAST_SEPARATE_COMPILATION)
target_link_libraries(chartmuseum_asio PUBLIC Boost::headers Threads::Threads)
if(CHARTMUSEUM_SANITIZE)
  target_compile_options(chartmuseum_asio PRIVATE -fsanitize=${CHARTMUSEUM_SANITIZE})
endif()

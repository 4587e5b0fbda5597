# SPDX-License-Identifier: Apache-2.0
# chartmuseum_room(<name> SOURCES ... USES <room>... LIBRARIES <target>... PRIVATE_LIBRARIES <target>...)
#
# Makes src/<name> the static library chartmuseum_<name>. Its headers are reached as
# "<name>/x.hpp", and only by rooms that list <name> under USES (or that use one which
# does): the include path of a room holds nothing but its own folder and those it uses, so
# an arrow that is not declared does not compile.
function(chartmuseum_room name)
  cmake_parse_arguments(room "" "" "SOURCES;USES;LIBRARIES;PRIVATE_LIBRARIES" ${ARGN})
  set(view "${CMAKE_BINARY_DIR}/rooms/${name}")
  file(MAKE_DIRECTORY "${view}")
  file(CREATE_LINK "${CMAKE_CURRENT_SOURCE_DIR}" "${view}/${name}" SYMBOLIC)

  add_library(chartmuseum_${name} STATIC ${room_SOURCES})
  target_include_directories(chartmuseum_${name} PUBLIC "${view}")
  target_link_libraries(chartmuseum_${name} PUBLIC ${room_LIBRARIES}
                                            PRIVATE chartmuseum_settings ${room_PRIVATE_LIBRARIES})
  foreach(used IN LISTS room_USES)
    target_link_libraries(chartmuseum_${name} PUBLIC chartmuseum_${used})
  endforeach()
endfunction()

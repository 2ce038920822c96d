# What DRUMFIRE_UNITY means for sources and for tests.
if(DRUMFIRE_UNITY STREQUAL "TESTS")
  set(sources_unity OFF)
  set(tests_unity ON)
else()
  set(sources_unity ${DRUMFIRE_UNITY})
  set(tests_unity ${DRUMFIRE_UNITY})
endif()

# A room is one folder and one library. drumfire_room(DEPS ...) in a folder's CMakeLists.txt makes
#   - a library named after the folder (common/tokens -> common_tokens) of its *.cc,
#   - a test program (common_tokens_test) of its *_test.cc, run by ctest test by test; the target room_tests builds all of them.
# DEPS names other rooms (common_random) and outside libraries alike: all that the room's own files include.
#
# LABEL marks all tests of the room (for example slow); TEST_DEPS is what only the tests need.
function(drumfire_room)
  cmake_parse_arguments(ROOM "" "LABEL" "DEPS;TEST_DEPS" ${ARGN})
  file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  string(REPLACE "/" "_" room ${folder})
  file(GLOB sources CONFIGURE_DEPENDS *.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_(test|benchmark|fuzz|main)\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  if(sources)
    add_library(${room} STATIC ${sources})
    target_include_directories(${room} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${room} PUBLIC ${ROOM_DEPS})
    set_target_properties(${room} PROPERTIES UNITY_BUILD ${sources_unity} UNITY_BUILD_BATCH_SIZE 16)
  else()
    add_library(${room} INTERFACE)
    target_include_directories(${room} INTERFACE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${room} INTERFACE ${ROOM_DEPS})
  endif()
  if(tests AND DRUMFIRE_TESTS)
    add_executable(${room}_test ${tests})
    target_link_libraries(${room}_test PRIVATE ${room} ${ROOM_TEST_DEPS} GTest::gmock_main)
    set_target_properties(${room}_test PROPERTIES UNITY_BUILD ${tests_unity} UNITY_BUILD_BATCH_SIZE 8)
    if(NOT TARGET room_tests)
      add_custom_target(room_tests)
    endif()
    add_dependencies(room_tests ${room}_test)
    drumfire_register_tests(${room}_test "${ROOM_LABEL}")
  endif()
endfunction()

# Registers a test program's cases with ctest; the working folder is the repository's root.
function(drumfire_register_tests target label)
  set(properties TIMEOUT 300)
  if(label)
    list(APPEND properties LABELS ${label})
  endif()
  gtest_discover_tests(${target} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} DISCOVERY_TIMEOUT 60
                       DISCOVERY_MODE PRE_TEST PROPERTIES ${properties})
endfunction()

# A fuzz target of the current room: drumfire_fuzz(sse_parser) builds sse_parser_fuzz.cc, and SOURCES where the whole room
# is not wanted. The target fuzz_targets builds all; the seeds are in tests/fuzz/corpus/NAME, tests/ci/fuzz.sh runs them.
function(drumfire_fuzz name)
  cmake_parse_arguments(FUZZ "" "" "SOURCES;DEPS" ${ARGN})
  if(DRUMFIRE_FUZZ)
    add_executable(${name}_fuzz ${name}_fuzz.cc ${FUZZ_SOURCES})
    if(NOT TARGET fuzz_targets)
      add_custom_target(fuzz_targets)
    endif()
    add_dependencies(fuzz_targets ${name}_fuzz)
    target_include_directories(${name}_fuzz PRIVATE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name}_fuzz PRIVATE ${FUZZ_DEPS})
    target_compile_options(${name}_fuzz PRIVATE -fsanitize=fuzzer)
    target_link_options(${name}_fuzz PRIVATE -fsanitize=fuzzer)
  endif()
endfunction()

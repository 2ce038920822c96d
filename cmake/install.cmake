# `cmake --install build/release --prefix /usr/local`: the programs, their manual pages and shell completion, the worker's unit,
# and the vocabulary behind `--tokenizer builtin` when tools/setup/builtin_vocabulary.sh has brought it. The programs look for
# share/drumfire in the folders above their own.
include(GNUInstallDirs)

# Only what is installed must be built.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)

install(TARGETS drumfire drumfire-worker drumfire-mock RUNTIME)
install(FILES ${PROJECT_SOURCE_DIR}/build/share/drumfire/o200k_base.tiktoken
        DESTINATION ${CMAKE_INSTALL_DATADIR}/drumfire OPTIONAL)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
# Settings of a host are its owner's: examples only.
install(FILES ${PROJECT_SOURCE_DIR}/deploy/systemd/60-drumfire.conf ${PROJECT_SOURCE_DIR}/deploy/systemd/worker.env
        DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)

# Made at install time, by the programs themselves.
install(CODE "set(programs \"${PROJECT_BINARY_DIR}/bin\")
set(made \"${PROJECT_BINARY_DIR}/installed\")
set(unit \"${PROJECT_SOURCE_DIR}/deploy/systemd/drumfire-worker.service\")")
install(SCRIPT ${PROJECT_SOURCE_DIR}/cmake/install_pages.cmake)

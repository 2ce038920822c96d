# `cmake --install build/release --prefix /usr/local`: the programs, and the vocabulary behind `--tokenizer builtin` when
# tools/setup/builtin_vocabulary.sh has brought it. The programs look for share/drumfire in the folders above their own.
include(GNUInstallDirs)

install(TARGETS drumfire drumfire-worker drumfire-mock RUNTIME)
install(FILES ${PROJECT_SOURCE_DIR}/build/share/drumfire/o200k_base.tiktoken
        DESTINATION ${CMAKE_INSTALL_DATADIR}/drumfire OPTIONAL)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

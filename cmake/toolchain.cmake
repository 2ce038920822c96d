# Compiler, linker and cache settings that hold for every target.
add_compile_options(-Wall -Wextra -fno-omit-frame-pointer)
# Off for users, whose compiler may warn of more than ours; the presets of developers and CI turn it on.
if(DRUMFIRE_WERROR)
  add_compile_options(-Werror)
  add_link_options(-Werror)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

if(DRUMFIRE_SANITIZE)
  add_compile_options(-fsanitize=${DRUMFIRE_SANITIZE})
  add_link_options(-fsanitize=${DRUMFIRE_SANITIZE})
endif()

if(DRUMFIRE_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()

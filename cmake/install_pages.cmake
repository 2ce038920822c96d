# Run by `cmake --install` and by CPack. programs: folder of the built programs; made: folder for what is made here; unit: the
# worker's systemd unit, which names its program by path.
file(MAKE_DIRECTORY ${made})

# Debian keeps what packages bring apart from what the host's owner adds.
set(zsh_folder share/zsh/site-functions)
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(zsh_folder share/zsh/vendor-completions)
endif()

function(output_of result)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
  set(${result} "${text}" PARENT_SCOPE)
endfunction()

function(install_text text folder name)
  file(WRITE ${made}/${name} "${text}")
  file(INSTALL DESTINATION ${CMAKE_INSTALL_PREFIX}/${folder} TYPE FILE FILES ${made}/${name})
endfunction()

function(install_manual text name)
  file(WRITE ${made}/${name}.1 "${text}")
  execute_process(COMMAND gzip -9nf ${made}/${name}.1 COMMAND_ERROR_IS_FATAL ANY)
  file(INSTALL DESTINATION ${CMAKE_INSTALL_PREFIX}/share/man/man1 TYPE FILE FILES ${made}/${name}.1.gz)
endfunction()

# A manual page around the program's --help.
function(install_help_as_manual name summary)
  output_of(help ${programs}/${name} --help)
  string(REPLACE "${programs}/" "" help "${help}")
  string(REPLACE "\\" "\\e" help "${help}")
  string(REPLACE "-" "\\-" help "${help}")
  string(REGEX REPLACE "\n([.'])" "\n\\\\&\\1" help "${help}")
  string(TOUPPER ${name} title)
  string(REPLACE "-" "\\-" escaped ${name})
  install_manual(".TH ${title} 1 \"\" \"drumfire\" \"User Commands\"
.SH NAME
${escaped} \\- ${summary}
.SH SYNOPSIS
\\fB${escaped}\\fR [\\fIflags\\fR]
.SH DESCRIPTION
.nf
${help}.fi
.SH SEE ALSO
\\fBdrumfire\\fR(1)
" ${name})
endfunction()

output_of(page ${programs}/drumfire man)
install_manual("${page}" drumfire)
install_help_as_manual(drumfire-worker "sends the load of a drumfire run")
install_help_as_manual(drumfire-mock "mock inference server")

output_of(bash ${programs}/drumfire completion bash)
install_text("${bash}" share/bash-completion/completions drumfire)
output_of(zsh ${programs}/drumfire completion zsh)
install_text("${zsh}" ${zsh_folder} _drumfire)
output_of(fish ${programs}/drumfire completion fish)
install_text("${fish}" share/fish/vendor_completions.d drumfire.fish)

file(READ ${unit} unit_text)
string(REPLACE /usr/local/bin ${CMAKE_INSTALL_PREFIX}/bin unit_text "${unit_text}")
install_text("${unit_text}" lib/systemd/system drumfire-worker.service)

# `cpack --config build/release/CPackConfig.cmake`: a Debian package of what `cmake --install` installs. tools/setup/deb.sh does
# all of it. dpkg-shlibdeps finds the libraries that the package depends on.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME drumfire)
set(CPACK_PACKAGE_CONTACT "Drumfire maintainers")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "distributed load tester for LLM inference servers")
set(CPACK_PACKAGE_DESCRIPTION "One coordinator shards a schedule of requests over stateless workers, which stamp every streamed
token with the kernel's receive time. The report says whether its figures can be believed.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
include(CPack)

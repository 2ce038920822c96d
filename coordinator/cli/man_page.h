// drumfire(1), made from the flag table: `drumfire man`.
#pragma once

#include <string>

namespace drumfire {

std::string ManPage();

}  // namespace drumfire

// The part of a whole that a figure of the verdict is: 0 where there is no whole.
#pragma once

namespace drumfire {

constexpr double Share(double part, double whole) { return whole > 0 ? part / whole : 0; }

}  // namespace drumfire

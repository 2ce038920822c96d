// Return early with an error, in functions that return absl::Status or absl::StatusOr.
//
//   absl::StatusOr<Config> ReadConfig(const std::string& path) {
//     DRUMFIRE_RETURN_IF_ERROR(CheckPath(path));
//     DRUMFIRE_ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
//     return Parse(text);
//   }
#pragma once

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Returns the status that expr gives unless it is OK. One statement, also after an if.
#define DRUMFIRE_RETURN_IF_ERROR(expr)                                    \
  do {                                                                    \
    if (::absl::Status drumfire_status = (expr); !drumfire_status.ok()) { \
      return drumfire_status;                                             \
    }                                                                     \
  } while (false)

// Returns the status of the absl::StatusOr that expr gives unless it has a value; moves the value
// to lhs otherwise: a variable, or the declaration of one without a comma. Several statements:
// braces around it after an if.
#define DRUMFIRE_ASSIGN_OR_RETURN(lhs, expr) \
  DRUMFIRE_STATUS_ASSIGN_(DRUMFIRE_STATUS_NAME_(drumfire_status_or_, __LINE__), lhs, expr)

// Declarations cannot be in parentheses.
// NOLINTBEGIN(bugprone-macro-parentheses)
#define DRUMFIRE_STATUS_ASSIGN_(result, lhs, expr)       \
  auto result = (expr);                                  \
  if (!(result).ok()) return std::move(result).status(); \
  lhs = *std::move(result)
// NOLINTEND(bugprone-macro-parentheses)
#define DRUMFIRE_STATUS_NAME_(prefix, line) DRUMFIRE_STATUS_JOIN_(prefix, line)
#define DRUMFIRE_STATUS_JOIN_(prefix, line) prefix##line

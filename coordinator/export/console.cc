#include "coordinator/export/console.h"

#include "absl/strings/str_cat.h"
#include "coordinator/export/console_lines.h"
#include "coordinator/export/console_tables.h"
#include "coordinator/export/formats.h"

namespace drumfire {

std::string ConsoleText(const RunResult& result, const std::vector<std::string>& files) {
  std::string text = absl::StrCat("\n", ConsoleTables(result), "\n");
  for (const std::string& line : ConsoleLines(result)) absl::StrAppend(&text, line, "\n");
  for (const std::string& file : files) absl::StrAppend(&text, "File: ", file, "\n");
  return text;
}

extern constexpr ExportFormat kConsoleFormat = {.base = ExportBase::kPrefix,
                                                .suffix = "_console.txt",
                                                .text = [](const ExportContext& context) {
                                                  return ConsoleText(context.result, context.files);
                                                }};

}  // namespace drumfire

#include "coordinator/export/export_run.h"

#include <utility>

#include "common/files/atomic_file.h"
#include "coordinator/export/formats.h"

namespace drumfire {

absl::StatusOr<std::vector<std::string>> ExportRun(const RunResult& result,
                                                   const std::string& folder,
                                                   const ExportNames& names, ExportLevel level,
                                                   std::vector<std::string> files_before) {
  std::vector<std::string> files = std::move(files_before);
  for (const ExportFormat* format : ExportFormats()) {
    if (format->text == nullptr || format->level > level) continue;
    if (format->applies != nullptr && !format->applies(result)) continue;
    const std::string path = names.PathOf(*format);
    if (format->is_listed) files.push_back(path);
    absl::Status written = WriteFileAtomically(path, format->text({result, folder, files}));
    if (!written.ok()) return written;
  }
  return files;
}

}  // namespace drumfire

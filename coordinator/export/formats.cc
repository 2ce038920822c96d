#include "coordinator/export/formats.h"

namespace drumfire {

extern const ExportFormat kSummaryJsonFormat;
extern const ExportFormat kSummaryCsvFormat;
extern const ExportFormat kSlicesJsonFormat;
extern const ExportFormat kSlicesCsvFormat;
extern const ExportFormat kConsoleFormat;
extern const ExportFormat kReadyMarkerFormat;

namespace {

constexpr const ExportFormat* kFormats[] = {
    &kInputsFormat,      &kRecordsFormat,    &kSummaryJsonFormat,
    &kSummaryCsvFormat,  &kSlicesJsonFormat, &kSlicesCsvFormat,
    &kConsoleFormat,      // names those before it
    &kReadyMarkerFormat,  // the last
};

}  // namespace

absl::Span<const ExportFormat* const> ExportFormats() { return kFormats; }

}  // namespace drumfire

#include "coordinator/export/inputs_json.h"

#include <algorithm>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "common/files/atomic_file.h"
#include "coordinator/export/formats.h"
#include "coordinator/export/json_parts.h"

namespace drumfire {
namespace {

constexpr char kBodyIndent[] = "        ";
// Of a prompt in JSON, more than usual.
constexpr double kBytesPerToken = 8;

// Pretty-printed at its place in the file. A body that is no JSON stands as a string.
std::string BodyText(const std::string& body) {
  Json json = Json::parse(body, nullptr, false);
  if (json.is_discarded()) json = body;
  return absl::StrCat(kBodyIndent,
                      absl::StrReplaceAll(Pretty(json), {{"\n", absl::StrCat("\n", kBodyIndent)}}));
}

double BatchOf(const v1::Plan& plan) { return std::max(plan.endpoint().batch_size(), 1U); }

uint32_t ModelOf(const v1::Plan& plan, uint64_t entry) {
  return plan.models_size() == 0
             ? 0
             : static_cast<uint32_t>(entry % static_cast<uint64_t>(plan.models_size()));
}

}  // namespace

bool HasInputsJson(const v1::Plan& plan) { return plan.dataset().kind() != v1::DATASET_MOONCAKE; }

uint64_t EntriesSent(const v1::Plan& plan, uint64_t requests) {
  const uint64_t entries = plan.dataset().entries();
  return entries == 0 ? requests : std::min(entries, requests);
}

uint64_t InputsJsonEntries(const v1::Plan& plan, uint64_t requests) {
  const double entry_bytes =
      kBytesPerToken * std::max(plan.dataset().isl_mean(), 1.0) * BatchOf(plan);
  const auto room = static_cast<uint64_t>(std::max(kMaxInputsJsonBytes / entry_bytes, 1.0));
  return std::min({EntriesSent(plan, requests), kMaxInputsJsonEntries, room});
}

absl::Status WriteInputsJson(const std::string& path, const v1::Plan& plan, uint64_t requests,
                             const RequestBuilder& builder) {
  absl::StatusOr<std::unique_ptr<AtomicFile>> file = AtomicFile::Create(path);
  if (!file.ok()) return file.status();
  (*file)->Write("{\n  \"data\": [");
  const uint64_t entries = InputsJsonEntries(plan, requests);
  std::string body;
  for (uint64_t entry = 0; entry < entries; ++entry) {
    body.clear();
    builder.AppendBody({.entry = entry}, ModelOf(plan, entry), &body);
    (*file)->Write(
        absl::StrCat(entry == 0 ? "" : ",",
                     absl::StrFormat("\n    {\n      \"session_id\": \"session_%06d\",\n", entry),
                     "      \"payloads\": [\n", BodyText(body), "\n      ]\n    }"));
  }
  (*file)->Write("\n  ]\n}");
  return (*file)->Commit();
}

extern constexpr ExportFormat kInputsFormat = {.base = ExportBase::kFolder,
                                               .suffix = "inputs.json"};

}  // namespace drumfire

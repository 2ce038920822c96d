#include "coordinator/export/inputs_json.h"

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "common/files/atomic_file.h"
#include "coordinator/export/json_parts.h"

namespace drumfire {
namespace {

constexpr char kBodyIndent[] = "        ";

// Pretty-printed at its place in the file. A body that is no JSON stands as a string.
std::string BodyText(const std::string& body) {
  Json json = Json::parse(body, nullptr, false);
  if (json.is_discarded()) json = body;
  return absl::StrCat(kBodyIndent,
                      absl::StrReplaceAll(Pretty(json), {{"\n", absl::StrCat("\n", kBodyIndent)}}));
}

uint32_t ModelOf(const v1::Plan& plan, uint64_t entry) {
  return plan.models_size() == 0
             ? 0
             : static_cast<uint32_t>(entry % static_cast<uint64_t>(plan.models_size()));
}

}  // namespace

bool HasInputsJson(const v1::Plan& plan) { return plan.dataset().kind() != v1::DATASET_MOONCAKE; }

absl::Status WriteInputsJson(const std::string& path, const v1::Plan& plan,
                             const RequestBuilder& builder) {
  absl::StatusOr<std::unique_ptr<AtomicFile>> file = AtomicFile::Create(path);
  if (!file.ok()) return file.status();
  (*file)->Write("{\n  \"data\": [");
  std::string body;
  for (uint64_t entry = 0; entry < plan.dataset().entries(); ++entry) {
    body.clear();
    builder.AppendBody(entry, ModelOf(plan, entry), &body);
    (*file)->Write(
        absl::StrCat(entry == 0 ? "" : ",",
                     absl::StrFormat("\n    {\n      \"session_id\": \"session_%06d\",\n", entry),
                     "      \"payloads\": [\n", BodyText(body), "\n      ]\n    }"));
  }
  (*file)->Write("\n  ]\n}");
  return (*file)->Commit();
}

}  // namespace drumfire

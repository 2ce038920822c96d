#include "coordinator/cli/workload.h"

namespace drumfire {

absl::StatusOr<Workload> MakeWorkload(const ProfileRequest& request) {
  Workload workload;
  const v1::Plan& plan = request.plan;
  absl::StatusOr<std::string> file = AssembleBlob(plan.tokenizer().file(), request.chunks);
  if (!file.ok()) return file.status();
  auto tokenizer = MakeTokenizer(plan.tokenizer().kind(), *file);
  if (!tokenizer.ok()) return tokenizer.status();
  workload.tokenizer = *std::move(tokenizer);
  absl::StatusOr<std::string> rows = AssembleBlob(plan.dataset().rows(), request.chunks);
  if (!rows.ok()) return rows.status();
  auto dataset = MakeDataset(plan, *rows, workload.tokenizer.get());
  if (!dataset.ok()) return dataset.status();
  workload.dataset = *std::move(dataset);
  auto builder = RequestBuilder::Create(plan, request.secret_headers, workload.dataset.get());
  if (!builder.ok()) return builder.status();
  workload.builder = *std::move(builder);
  return workload;
}

}  // namespace drumfire

#include "coordinator/cli/request_inputs.h"

namespace drumfire {

absl::StatusOr<RequestInputs> MakeRequestInputs(const ProfileRequest& request) {
  RequestInputs inputs;
  const v1::Plan& plan = request.plan;
  absl::StatusOr<std::string> file = AssembleBlob(plan.tokenizer().file(), request.chunks);
  if (!file.ok()) return file.status();
  auto tokenizer = MakeTokenizer(plan.tokenizer().kind(), *file);
  if (!tokenizer.ok()) return tokenizer.status();
  inputs.tokenizer = *std::move(tokenizer);
  absl::StatusOr<std::string> rows = AssembleBlob(plan.dataset().rows(), request.chunks);
  if (!rows.ok()) return rows.status();
  auto dataset = MakeDataset(plan, *rows, inputs.tokenizer.get());
  if (!dataset.ok()) return dataset.status();
  inputs.dataset = *std::move(dataset);
  auto builder = RequestBuilder::Create(plan, request.secret_headers, inputs.dataset.get());
  if (!builder.ok()) return builder.status();
  inputs.builder = *std::move(builder);
  return inputs;
}

}  // namespace drumfire

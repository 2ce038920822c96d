#include "common/endpoint/workload.h"

#include <utility>

namespace drumfire {
namespace {

absl::StatusOr<std::unique_ptr<Tokenizer>> ReadTokenizer(const v1::Plan& plan,
                                                         BlobReader read_blob) {
  if (plan.tokenizer().kind() == v1::TOKENIZER_NONE) return nullptr;
  auto bytes = read_blob(plan.tokenizer().file());
  if (!bytes.ok()) return bytes.status();
  return MakeTokenizer(plan.tokenizer().kind(), *bytes);
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Workload>> MakeWorkload(const v1::Plan& plan,
                                                             const v1::RequestSecrets& secrets,
                                                             BlobReader read_blob) {
  auto workload = std::make_shared<Workload>();
  workload->plan = plan;
  auto tokenizer = ReadTokenizer(plan, read_blob);
  if (!tokenizer.ok()) return tokenizer.status();
  workload->tokenizer = *std::move(tokenizer);
  auto rows = read_blob(plan.dataset().rows());
  if (!rows.ok()) return rows.status();
  auto dataset =
      MakeDataset(workload->plan, *rows, workload->tokenizer.get(), workload->is_stopping.get());
  if (!dataset.ok()) return dataset.status();
  workload->dataset = *std::move(dataset);
  auto builder = RequestBuilder::Create(workload->plan, secrets, workload->dataset.get());
  if (!builder.ok()) return builder.status();
  workload->builder = *std::move(builder);
  return workload;
}

}  // namespace drumfire

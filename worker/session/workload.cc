#include "worker/session/workload.h"

#include <utility>

namespace drumfire {
namespace {

absl::StatusOr<std::unique_ptr<Tokenizer>> LoadTokenizer(const v1::Plan& plan,
                                                         const ChunkStore& chunks) {
  if (plan.tokenizer().kind() == v1::TOKENIZER_NONE) return nullptr;
  auto bytes = chunks.Assemble(plan.tokenizer().file());
  if (!bytes.ok()) return bytes.status();
  return MakeTokenizer(plan.tokenizer().kind(), *bytes);
}

}  // namespace

std::vector<std::string> WantedChunks(const v1::Plan& plan) {
  std::vector<std::string> wanted(plan.tokenizer().file().chunk_sha256().begin(),
                                  plan.tokenizer().file().chunk_sha256().end());
  wanted.insert(wanted.end(), plan.dataset().rows().chunk_sha256().begin(),
                plan.dataset().rows().chunk_sha256().end());
  return wanted;
}

absl::StatusOr<std::shared_ptr<const Workload>> MakeWorkload(const v1::Hello& hello,
                                                             const ChunkStore& chunks) {
  auto workload = std::make_shared<Workload>();
  workload->plan = hello.plan();
  auto tokenizer = LoadTokenizer(workload->plan, chunks);
  if (!tokenizer.ok()) return tokenizer.status();
  workload->tokenizer = *std::move(tokenizer);
  auto rows = chunks.Assemble(workload->plan.dataset().rows());
  if (!rows.ok()) return rows.status();
  auto dataset = MakeDataset(workload->plan, *rows, workload->tokenizer.get());
  if (!dataset.ok()) return dataset.status();
  workload->dataset = *std::move(dataset);
  auto builder =
      RequestBuilder::Create(workload->plan, hello.secret_headers(), workload->dataset.get());
  if (!builder.ok()) return builder.status();
  workload->builder = *std::move(builder);
  return workload;
}

}  // namespace drumfire

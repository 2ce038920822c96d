#include "tools/fleet_sim/workloads.h"

#include <utility>

namespace drumfire::fleet_sim {

std::vector<std::string> Workloads::WantedChunks(const v1::Plan& plan) {
  std::vector<std::string> wanted(plan.tokenizer().file().chunk_sha256().begin(),
                                  plan.tokenizer().file().chunk_sha256().end());
  wanted.insert(wanted.end(), plan.dataset().rows().chunk_sha256().begin(),
                plan.dataset().rows().chunk_sha256().end());
  return wanted;
}

absl::StatusOr<std::shared_ptr<const Workload>> Workloads::Load(const std::string& plan_hash,
                                                                const v1::Plan& plan) {
  if (auto known = loaded_[plan_hash].lock()) return known;
  auto made = Make(plan);
  if (made.ok()) loaded_[plan_hash] = *made;
  return made;
}

absl::StatusOr<std::shared_ptr<const Workload>> Workloads::Make(const v1::Plan& plan) const {
  auto workload = std::make_shared<Workload>();
  workload->plan = plan;
  if (plan.tokenizer().kind() != v1::TOKENIZER_NONE) {
    auto bytes = chunks_.Assemble(plan.tokenizer().file());
    if (!bytes.ok()) return bytes.status();
    auto tokenizer = MakeTokenizer(plan.tokenizer().kind(), *bytes);
    if (!tokenizer.ok()) return tokenizer.status();
    workload->tokenizer = *std::move(tokenizer);
  }
  auto rows = chunks_.Assemble(plan.dataset().rows());
  if (!rows.ok()) return rows.status();
  auto dataset = MakeDataset(workload->plan, *rows, workload->tokenizer.get());
  if (!dataset.ok()) return dataset.status();
  workload->dataset = *std::move(dataset);
  return workload;
}

}  // namespace drumfire::fleet_sim

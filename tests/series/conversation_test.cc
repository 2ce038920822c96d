// Do conversations run over real workers: turn after turn, each with the real replies, and do the
// sums of sessions and requests close?
#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/series/series_fixture.h"

namespace drumfire {
namespace {

using Json = nlohmann::json;

constexpr int64_t kDelayNs = 20 * kNsPerMs;

class ConversationTest : public SeriesTest {
 protected:
  // Sessions of three turns.
  ProfileRequest Conversations(uint64_t sessions) const {
    ProfileRequest request = Request(1, 1);
    v1::Dataset* dataset = request.plan.mutable_dataset();
    dataset->set_turns_mean(3);
    dataset->set_turn_delay_mean_ns(static_cast<double>(kDelayNs));
    dataset->set_entries(sessions);
    v1::Phase* phase = request.plan.mutable_phases(request.plan.phases_size() - 1);
    phase->clear_request_count();
    phase->set_session_count(sessions);
    return request;
  }

  absl::StatusOr<RunReport> Run(const ProfileRequest& request) {
    const auto workers = StartWorkers();
    if (!workers.ok()) return workers.status();
    return RunProfile(request, ContextOf(*workers));
  }

  // The lines of profile_export.jsonl by session, in the order of their turns.
  std::map<int, std::vector<Json>> Lines() const {
    std::map<int, std::vector<Json>> sessions;
    std::ifstream file(folder_ + "/1/profile_export.jsonl");
    for (std::string line; std::getline(file, line);) {
      const Json json = Json::parse(line);
      sessions[json["metadata"]["session_num"]].push_back(json);
    }
    for (auto& [number, turns] : sessions) {
      std::sort(turns.begin(), turns.end(), [](const Json& a, const Json& b) {
        return a["metadata"]["turn_index"] < b["metadata"]["turn_index"];
      });
    }
    return sessions;
  }
};

TEST_F(ConversationTest, TurnsFollowOneAnotherAndTheSumsClose) {
  const auto report = Run(Conversations(8));
  ASSERT_TRUE(report.ok()) << report.status();
  const Accounts& accounts = report->result.profiling.accounts;
  EXPECT_EQ(accounts.problems, std::vector<std::string>());
  EXPECT_EQ(accounts.sessions.completed, 8u);
  EXPECT_EQ(accounts.credits.completed, 24u);
  EXPECT_TRUE(report->result.is_complete);
  const auto sessions = Lines();
  EXPECT_EQ(sessions.size(), 8u);
  for (const auto& [number, turns] : sessions) {
    ASSERT_EQ(turns.size(), 3u) << "session " << number;
    for (size_t turn = 0; turn < turns.size(); ++turn) {
      const Json& metadata = turns[turn]["metadata"];
      EXPECT_EQ(metadata["turn_index"], turn);
      EXPECT_EQ(metadata["x_correlation_id"], turns[0]["metadata"]["x_correlation_id"]);
      EXPECT_EQ(metadata["worker_id"], turns[0]["metadata"]["worker_id"]) << "it stays there";
      if (turn == 0) continue;
      EXPECT_GE(metadata["request_start_ns"].get<int64_t>(),
                turns[turn - 1]["metadata"]["request_end_ns"].get<int64_t>() + kDelayNs);
    }
  }
}

// The server counts the prompt: it grows by the replies and the texts.
TEST_F(ConversationTest, LaterTurnsHoldTheRepliesOfTheServer) {
  ASSERT_TRUE(Run(Conversations(4)).ok());
  for (const auto& [number, turns] : Lines()) {
    ASSERT_EQ(turns.size(), 3u);
    int64_t before = -1;
    for (const Json& turn : turns) {
      const int64_t prompt = turn["metrics"]["usage_prompt_tokens"]["value"];
      EXPECT_GT(prompt, before + 10)
          << "session " << number << ": a text of ten words and the reply";
      before = prompt;
    }
  }
}

TEST_F(ConversationTest, TheRequestCountCutsTheLastSession) {
  ProfileRequest request = Conversations(8);
  request.plan.mutable_phases(0)->set_request_count(7);
  const auto report = Run(request);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_TRUE(report->result.is_complete);
  EXPECT_EQ(report->result.profiling.accounts.credits.completed, 7u);
  EXPECT_EQ(report->result.profiling.accounts.sessions.completed, 3u);
}

}  // namespace
}  // namespace drumfire

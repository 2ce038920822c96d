// Does a run get the workers behind names and a Slurm job, and never fewer than required?
#include "coordinator/fleet/worker_resolver.h"

#include <map>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

using Addresses = std::vector<std::string>;

// A DNS whose answers the test lists; the last one stays.
class FakeNames : public WorkerNames {
 public:
  explicit FakeNames(FakeClock* clock) : clock_(clock) {}

  absl::StatusOr<Addresses> AddressesOf(const std::string& name, absl::Duration patience) override {
    ++asked;
    patiences.push_back(patience);
    clock_->Advance(absl::ToInt64Nanoseconds(std::min(patience, answers_after)));
    if (patience < answers_after) return absl::DeadlineExceededError("no answer in time");
    auto& queue = answers[name];
    if (queue.empty()) return absl::NotFoundError("Name or service not known");
    Addresses answer = queue.front();
    if (queue.size() > 1) queue.erase(queue.begin());
    if (answer.empty()) return absl::NotFoundError("Name or service not known");
    return answer;
  }
  std::optional<std::string> Variable(const std::string& name) const override {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional<std::string>(found->second);
  }
  void Sleep(absl::Duration time) override {
    pauses.push_back(time);
    clock_->Advance(absl::ToInt64Nanoseconds(time));
  }
  double Draw() override { return draw; }

  std::map<std::string, std::vector<Addresses>> answers;
  std::map<std::string, std::string> variables;
  std::vector<absl::Duration> pauses;
  std::vector<absl::Duration> patiences;
  absl::Duration answers_after;
  int asked = 0;
  double draw = 1;

 private:
  FakeClock* const clock_;
};

class WorkerResolverTest : public testing::Test {
 protected:
  absl::StatusOr<std::vector<WorkerAddress>> Resolve(const std::string& value,
                                                     uint32_t worker_count = 0) {
    const auto list =
        ParseWorkerList({value}, [](const std::string&) { return absl::NotFoundError("no file"); });
    EXPECT_TRUE(list.ok()) << list.status();
    return ResolveWorkers(*list, {worker_count, absl::Seconds(10), [this] { return stopped_; }},
                          &names_, clock_);
  }

  Addresses Dialled(const std::string& value, uint32_t worker_count = 0) {
    const auto workers = Resolve(value, worker_count);
    if (!workers.ok()) return {std::string(workers.status().message())};
    Addresses dialled;
    for (const WorkerAddress& worker : *workers) dialled.push_back(worker.dial);
    return dialled;
  }

  std::string ErrorOf(const std::string& value, uint32_t worker_count = 0) {
    const auto workers = Resolve(value, worker_count);
    EXPECT_EQ(workers.status().code(), absl::StatusCode::kInvalidArgument) << value;
    EXPECT_THAT(std::string(workers.status().message()), StartsWith("--workers: "));
    return std::string(workers.status().message());
  }

  FakeClock clock_;
  FakeNames names_{&clock_};
  bool stopped_ = false;
};

TEST_F(WorkerResolverTest, SaysThatANameHasNoAddress) {
  EXPECT_THAT(ErrorOf("a:1,dns:///w:7"),
              HasSubstr("no address for dns:///w:7 (Name or service not known)"));
  EXPECT_EQ(names_.asked, 1) << "without --worker-count nobody waits";
}

// All names share one patience.
TEST_F(WorkerResolverTest, ANameThatHangsLeavesTheNextOnesWhatIsLeft) {
  names_.answers_after = absl::Seconds(7);
  ErrorOf("dns:///a:7,dns:///b:7,dns:///c:7");
  EXPECT_THAT(names_.patiences,
              ElementsAre(absl::Seconds(11), absl::Seconds(4), absl::ZeroDuration()));
  EXPECT_EQ(clock_.MonotonicNs(), absl::ToInt64Nanoseconds(absl::Seconds(11)));
}

// It has no time left, and yet the time that a look takes.
TEST_F(WorkerResolverTest, TheLastLookIsOneLikeTheOthers) {
  names_.answers["w"] = {{"10.0.0.1"}};
  names_.answers_after = absl::Milliseconds(10);
  EXPECT_THAT(ErrorOf("dns:///w:7", 3), HasSubstr("dns:///w:7 has 10.0.0.1"));
}

TEST_F(WorkerResolverTest, SaysThatThereIsNoSlurmJob) {
  EXPECT_THAT(ErrorOf("slurm:7"), HasSubstr("without SLURM_JOB_NODELIST"));
  names_.variables["SLURM_JOB_NODELIST"] = "";
  EXPECT_THAT(ErrorOf("slurm:7"), HasSubstr("no node"));
  names_.variables["SLURM_JOB_NODELIST"] = "gpu[1-";
  EXPECT_THAT(ErrorOf("slurm:7"), HasSubstr("a bracket is not closed"));
  names_.variables["SLURM_JOB_NODELIST"] = "gpu[1-4000],cpu[1-97]";
  EXPECT_THAT(ErrorOf("slurm:7"), HasSubstr("at most 4096"));
}

TEST_F(WorkerResolverTest, WritesOutTheNodesOfASlurmJob) {
  names_.variables["SLURM_NODELIST"] = "old";
  EXPECT_THAT(Dialled("slurm:7"), ElementsAre("old:7"));
  names_.variables["SLURM_JOB_NODELIST"] = "gpu[01-02,07],login1,rack[1-2]n[1,4]";
  EXPECT_THAT(Dialled("slurm:7"), ElementsAre("gpu01:7", "gpu02:7", "gpu07:7", "login1:7",
                                              "rack1n1:7", "rack1n4:7", "rack2n1:7", "rack2n4:7"));
}

TEST_F(WorkerResolverTest, SortsTheAddressesOfANameAndKeepsTheListsOrder) {
  names_.answers["w"] = {{"10.0.0.10", "fd00::1", "10.0.0.2", "10.0.0.2"}};
  EXPECT_THAT(Dialled("z:1,dns:///w:7,a:2"),
              ElementsAre("z:1", "10.0.0.2:7", "10.0.0.10:7", "[fd00::1]:7", "a:2"));
  const auto workers = Resolve("z:1,dns:///w:7");
  EXPECT_EQ((*workers)[0].tls_name, "");
  EXPECT_EQ((*workers)[1].tls_name, "w");
}

TEST_F(WorkerResolverTest, RefusesAnAddressThatTwoEntriesGive) {
  names_.answers["w"] = {{"10.0.0.1"}};
  EXPECT_THAT(ErrorOf("10.0.0.1:7,dns:///w:7"), HasSubstr("\"10.0.0.1:7\" twice"));
}

TEST_F(WorkerResolverTest, WaitsUntilAllPodsOfASetAreThere) {
  names_.answers["w"] = {{}, {"10.0.0.2"}, {"10.0.0.2", "10.0.0.1"}};
  EXPECT_THAT(Dialled("dns:///w:7", 2), ElementsAre("10.0.0.1:7", "10.0.0.2:7"));
  EXPECT_THAT(names_.pauses, ElementsAre(absl::Milliseconds(100), absl::Milliseconds(200)));
}

TEST_F(WorkerResolverTest, WaitsForASetThatStillShrinks) {
  names_.answers["w"] = {{"10.0.0.1", "10.0.0.2", "10.0.0.3"}, {"10.0.0.1", "10.0.0.2"}};
  EXPECT_EQ(Dialled("dns:///w:7", 2).size(), 2u);
}

TEST_F(WorkerResolverTest, EndsTheWaitWithWhatItFound) {
  names_.answers["w"] = {{"10.0.0.2"}};
  EXPECT_EQ(ErrorOf("dns:///w:7", 3),
            "--workers: found 1 workers (dns:///w:7 has 10.0.0.2), expected 3 as --worker-count "
            "says, within 10s");
  absl::Duration waited;
  for (const absl::Duration pause : names_.pauses) {
    waited += pause;
    EXPECT_LE(pause, absl::Seconds(1));
  }
  EXPECT_EQ(waited, absl::Seconds(10));
}

TEST_F(WorkerResolverTest, GivesUpWhenTheUserDoes) {
  names_.answers["w"] = {{}};
  stopped_ = true;
  EXPECT_EQ(Resolve("dns:///w:7", 1).status().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(names_.asked, 1);
}

TEST_F(WorkerResolverTest, PausesAreDrawnBetweenHalfAndAll) {
  names_.draw = 0;
  names_.answers["w"] = {{}, {"10.0.0.2"}};
  EXPECT_EQ(Dialled("dns:///w:7", 1).size(), 1u);
  EXPECT_THAT(names_.pauses, ElementsAre(absl::Milliseconds(50)));
}

TEST_F(WorkerResolverTest, AnotherNumberInAListOfHostsIsRefusedAtOnce) {
  EXPECT_EQ(ErrorOf("n[1-2]:1", 3),
            "--workers: found 2 workers, expected 3 as --worker-count says");
  EXPECT_TRUE(names_.pauses.empty());
  EXPECT_EQ(Dialled("n[1-3]:1", 3).size(), 3u);
}

}  // namespace
}  // namespace drumfire

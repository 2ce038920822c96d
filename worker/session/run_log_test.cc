// Do a worker's log lines name owner, run and target, and nothing secret?
#include "worker/session/run_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/clock/clock.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class RunLogTest : public ::testing::Test {
 protected:
  RunLogTest() {
    hello_.set_run_id("\x5f\x0c\x2a\x91rest of it.");
    hello_.set_owner("alice@login1, pid 4711");
    hello_.set_worker(2);
    hello_.mutable_plan()->add_urls("http://host:8000/v1?key=sesame");
    hello_.mutable_plan()->add_models("m");
    v1::Header* key = hello_.mutable_secrets()->add_headers();
    key->set_name("Authorization");
    key->set_value("Bearer sesame");
  }

  v1::Hello hello_;
};

TEST_F(RunLogTest, NamesOwnerRunAndTarget) {
  EXPECT_EQ(RunBeginLine(hello_),
            "run 5f0c2a91 of alice@login1, pid 4711: begins, worker 2, target http://host:8000, "
            "model m");
}

TEST_F(RunLogTest, CountsFurtherTargets) {
  hello_.mutable_plan()->add_urls("http://other");
  EXPECT_THAT(RunBeginLine(hello_), HasSubstr("http://host:8000 and 1 more"));
}

TEST_F(RunLogTest, SaysHowARunEnded) {
  EXPECT_EQ(RunEndLine(RunName(hello_), 12'300 * kNsPerMs, ""),
            "run 5f0c2a91 of alice@login1, pid 4711: ended after 12.3 s");
  EXPECT_THAT(RunEndLine(RunName(hello_), 0, "the coordinator's stream ended"),
              HasSubstr("after 0.0 s: the coordinator's stream ended"));
}

TEST_F(RunLogTest, HoldsNoSecret) { EXPECT_THAT(RunBeginLine(hello_), Not(HasSubstr("sesame"))); }

TEST_F(RunLogTest, IsOneLineWhateverTheCoordinatorSays) {
  hello_.set_owner("eve\nrun 1 of root: begins");
  hello_.mutable_plan()->set_models(0, "m\r\n\x1b[2J");
  hello_.mutable_plan()->set_urls(0, "no url\n");
  EXPECT_THAT(RunBeginLine(hello_), Not(HasSubstr("\n")));
  EXPECT_THAT(RunBeginLine(hello_), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace drumfire

// Does each line that a process writes arrive once and whole, however it was cut?
#include "coordinator/ui/line_pipe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace drumfire {
namespace {

using ::testing::ElementsAre;

class LinePipeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto pipe = LinePipe::Create([this](absl::string_view line) { lines_.emplace_back(line); });
    ASSERT_TRUE(pipe.ok()) << pipe.status();
    pipe_ = *std::move(pipe);
  }
  void Write(const std::string& text) {
    ASSERT_EQ(write(pipe_->write_descriptor(), text.data(), text.size()),
              static_cast<ssize_t>(text.size()));
  }

  std::vector<std::string> lines_;  // of the pipe's thread, until that has ended
  std::unique_ptr<LinePipe> pipe_;
};

TEST_F(LinePipeTest, LinesArriveWholeHoweverTheyWereCut) {
  Write("W on");
  Write("e\nW two\n\nW th");
  Write("ree\n");
  pipe_.reset();
  EXPECT_THAT(lines_, ElementsAre("W one", "W two", "", "W three"));
}

TEST_F(LinePipeTest, ALastLineWithoutAnEndArrives) {
  Write("cut");
  pipe_.reset();
  EXPECT_THAT(lines_, ElementsAre("cut"));
}

TEST_F(LinePipeTest, AnOpenWriterHoldsNobodyUp) {
  const int other = dup(pipe_->write_descriptor());
  Write("one\n");
  pipe_.reset();
  EXPECT_THAT(lines_, ElementsAre("one"));
  close(other);
}

TEST_F(LinePipeTest, LongLinesAreNotCut) {
  const std::string line(10'000, 'x');
  Write(line + "\n");
  pipe_.reset();
  EXPECT_THAT(lines_, ElementsAre(line));
}

}  // namespace
}  // namespace drumfire

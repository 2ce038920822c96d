// Is every form of --workers understood, and every mistake said in one line that names its place?
#include "coordinator/fleet/worker_list.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class WorkerListTest : public testing::Test {
 protected:
  absl::StatusOr<WorkerList> Parse(const std::string& value) {
    return ParseWorkerList({value}, [this](const std::string& path) -> absl::StatusOr<std::string> {
      const auto file = files_.find(path);
      if (file == files_.end()) return absl::NotFoundError(absl::StrCat("no file ", path));
      return file->second;
    });
  }

  std::vector<std::string> Parsed(const std::string& value) {
    const auto list = Parse(value);
    if (!list.ok()) return {std::string(list.status().message())};
    std::vector<std::string> texts;
    for (const WorkerSource& source : *list) texts.push_back(ToString(source));
    return texts;
  }

  std::string ErrorOf(const std::string& value) {
    const auto list = Parse(value);
    EXPECT_EQ(list.status().code(), absl::StatusCode::kInvalidArgument) << value;
    return std::string(list.status().message());
  }

  std::map<std::string, std::string> files_;
};

TEST_F(WorkerListTest, RefusesWhatHasNoForm) {
  for (const char* text : {"host",
                           "host:",
                           ":1",
                           "a:0",
                           "a:65536",
                           "a:-1",
                           "a:+1",
                           "a:1e3",
                           "a:00000080",
                           "a/b:1",
                           "http://a:1",
                           "node[1-:1",
                           "node[2-1]:1",
                           "a:1:2",
                           "[::g]:1",
                           "[::1%]x:1",
                           "slurm:",
                           "slurm:0",
                           "slurm:a",
                           "dns:a:1",
                           "dns:///a",
                           "dns:///:1",
                           "dns:///a[1-2]:1",
                           "dns:///[::1]:1",
                           "dns://8.8.8.8/a:1",
                           "unix:"}) {
    EXPECT_THAT(ErrorOf(text), StartsWith(absl::StrCat("--workers: found \"", text, "\""))) << text;
  }
  EXPECT_THAT(ErrorOf("::1:80"), HasSubstr("an IPv6 address in brackets"));
  EXPECT_THAT(ErrorOf(" , "), StartsWith("--workers: found none, expected HOST:PORT"));
  EXPECT_EQ(ErrorOf("a\x1b[2J:1").find('\x1b'), std::string::npos);
  EXPECT_LT(ErrorOf(std::string(100'000, 'x')).size(), 300u);
}

TEST_F(WorkerListTest, TakesEveryForm) {
  EXPECT_THAT(Parsed("a:1,[::1]:2 node[08-10,7]:3 unix:/x,dns:///w.ns.svc:4,slurm:5"),
              ElementsAre("a:1", "[::1]:2", "node08:3", "node09:3", "node10:3", "node7:3",
                          "unix:/x", "dns:///w.ns.svc:4", "slurm:5"));
  EXPECT_THAT(Parsed("[fe80::1%eth0]:7"), ElementsAre("[fe80::1%eth0]:7"));
}

TEST_F(WorkerListTest, RefusesAWorkerTwiceHoweverItIsWritten) {
  EXPECT_EQ(ErrorOf("a:1,a:1"), "--workers: found \"a:1\" twice, expected each worker once");
  EXPECT_THAT(ErrorOf("n[1-3]:1,n2:1"), HasSubstr("\"n2:1\" twice"));
  EXPECT_THAT(ErrorOf("dns:///a:1,dns:///a:1"), HasSubstr("twice"));
  files_["f"] = "a:1\n";
  EXPECT_THAT(ErrorOf("a:1,@f"), HasSubstr("\"a:1\" twice"));
}

TEST_F(WorkerListTest, BoundsTheNumberOfWorkers) {
  EXPECT_EQ(Parsed("n[1-4096]:1").size(), kMaxWorkers);
  EXPECT_THAT(ErrorOf("n[1-4097]:1"), HasSubstr("more than 4096 workers"));
  EXPECT_THAT(ErrorOf("n[1-4096]:1,a:1"), HasSubstr("more workers, expected at most 4096"));
}

TEST_F(WorkerListTest, ReadsAFileLineByLine) {
  files_["hosts.txt"] =
      "# the fleet\n"
      "\n"
      "a:1  # rack 1\n"
      "\tn[1-2]:2\r\n"
      "dns:///w:3";
  EXPECT_THAT(Parsed("z:9,@hosts.txt"), ElementsAre("z:9", "a:1", "n1:2", "n2:2", "dns:///w:3"));
}

TEST_F(WorkerListTest, NamesFileAndLine) {
  files_["f"] = "a:1\n\nb\n";
  EXPECT_THAT(ErrorOf("@f"), StartsWith("--workers: f:3: found \"b\", expected HOST:PORT"));
  files_["f"] = "a:1 b:1\n";
  EXPECT_THAT(ErrorOf("@f"), StartsWith("--workers: f:1: found 2 words, expected one per line"));
  files_["f"] = "@f\n";
  EXPECT_THAT(ErrorOf("@f"),
              StartsWith("--workers: f:1: found \"@f\", expected no file named in a file"));
  files_["f"] = "# none\n";
  EXPECT_THAT(ErrorOf("@f"), StartsWith("--workers: found none"));
  EXPECT_EQ(ErrorOf("@g"), "--workers: found no file g, expected a list of workers");
  EXPECT_THAT(ErrorOf("@"), StartsWith("--workers: found \"@\""));
}

}  // namespace
}  // namespace drumfire

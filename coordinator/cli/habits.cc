#include "coordinator/cli/habits.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/metrics/distribution.h"
#include "common/status/status_macros.h"
#include "coordinator/cli/flag_values.h"
#include "coordinator/cli/flags.h"
#include "coordinator/cli/list_text.h"
#include "coordinator/cli/numbers.h"

namespace drumfire {
namespace {

constexpr absl::string_view kAnyValue = "VALUE";

std::vector<Habit> HabitsOf(absl::string_view name) {
  std::vector<Habit> found;
  for (const Habit& habit : Habits()) {
    if (habit.name == name && habit.kind != HabitKind::kElsewhere) found.push_back(habit);
  }
  return found;
}

// What an argument says when it is a foreign flag.
class Translator {
 public:
  explicit Translator(absl::Span<const std::string> arguments) : arguments_(arguments) {}

  absl::StatusOr<TranslatedArguments> Translate() {
    while (next_ < arguments_.size()) {
      DRUMFIRE_RETURN_IF_ERROR(TakeWord());
    }
    DRUMFIRE_RETURN_IF_ERROR(JoinHostAndPort());
    return std::move(out_);
  }

 private:
  absl::Status TakeWord() {
    const std::string& word = arguments_[next_];
    const std::string name = word.substr(0, word.find('='));
    if (name == "--host" || name == "--port") return TakeAddress(name);
    if (name == "--metric-percentiles") return TakePercentiles(name);
    const std::vector<Habit> habits = HabitsOf(name);
    if (habits.empty() || FindFlag(name) != nullptr) {
      out_.words.push_back(word);
      ++next_;
      return absl::OkStatus();
    }
    if (habits.front().value.empty()) {
      ++next_;
      return Apply(habits.front(), "");
    }
    DRUMFIRE_ASSIGN_OR_RETURN(const std::string value, TakeValue(name));
    return ApplyFitting(habits, value);
  }

  // Behind the name, or after its '='. One value: a list's further ones go their own way.
  absl::StatusOr<std::string> TakeValue(const std::string& name) {
    const std::string& word = arguments_[next_++];
    if (word.size() > name.size()) return word.substr(name.size() + 1);
    if (next_ == arguments_.size()) return ValueMissing(name);
    return arguments_[next_++];
  }

  absl::Status ApplyFitting(const std::vector<Habit>& habits, const std::string& value) {
    for (const Habit& habit : habits) {
      if (habit.value == kAnyValue || habit.value == value) return Apply(habit, value);
    }
    const auto append = [](std::string* out, const Habit& habit) {
      absl::StrAppend(out, habit.value, habit.kind == HabitKind::kAdds ? " (" : "",
                      habit.kind == HabitKind::kAdds ? habit.ours : "",
                      habit.kind == HabitKind::kAdds ? ")" : "");
    };
    return FlagError(habits.front().name, Quoted(value),
                     absl::StrCat("one of ", absl::StrJoin(habits, ", ", append)));
  }

  absl::Status Apply(const Habit& habit, const std::string& value) {
    const std::string given =
        value.empty() ? std::string(habit.name) : absl::StrCat(habit.name, " ", ShellWord(value));
    switch (habit.kind) {
      case HabitKind::kRefused:
        return UsageError(habit.name,
                          absl::StrCat("is a flag of another tool; here: ", habit.ours));
      case HabitKind::kAnyway:
        out_.notes.push_back(absl::StrCat(given, ": ", habit.ours));
        return absl::OkStatus();
      case HabitKind::kSame:
        out_.typed[std::string(habit.ours)] = std::string(habit.name);
        return Add(given, {std::string(habit.ours), value});
      case HabitKind::kAdds:
      case HabitKind::kElsewhere:  // never found by the parser
        break;
    }
    std::vector<std::string> words = absl::StrSplit(habit.ours, ' ');
    for (std::string& word : words) word = absl::StrReplaceAll(word, {{kAnyValue, value}});
    return Add(given, words);
  }

  absl::Status Add(absl::string_view given, const std::vector<std::string>& words) {
    const auto append = [](std::string* out, const std::string& word) {
      out->append(ShellWord(word));
    };
    out_.notes.push_back(absl::StrCat(given, ": read as ", absl::StrJoin(words, " ", append)));
    out_.words.insert(out_.words.end(), words.begin(), words.end());
    return absl::OkStatus();
  }

  absl::Status TakeAddress(const std::string& name) {
    DRUMFIRE_ASSIGN_OR_RETURN(std::string value, TakeValue(name));
    std::optional<std::string>& kept = name == "--host" ? host_ : port_;
    if (kept) return TooManyValues(name, 2);
    kept = std::move(value);
    return absl::OkStatus();
  }

  // vLLM's --host is a name, locust's a whole URL.
  absl::Status JoinHostAndPort() {
    if (!host_ && !port_) return absl::OkStatus();
    std::string url = host_.value_or("localhost");
    if (port_ && !ParseWhole(*port_)) return FlagError("--port", Quoted(*port_), "a port");
    if (!absl::StrContains(url, "://")) url.insert(0, "http://");
    if (port_) absl::StrAppend(&url, ":", *port_);
    const std::string given =
        absl::StrCat(host_ ? absl::StrCat("--host ", *host_) : "", host_ && port_ ? " " : "",
                     port_ ? absl::StrCat("--port ", *port_) : "");
    return Add(given, {"--url", url});
  }

  absl::Status TakePercentiles(const std::string& name) {
    DRUMFIRE_ASSIGN_OR_RETURN(const std::string value, TakeValue(name));
    for (const std::string& text : SplitList({value})) {
      const std::optional<double> asked = ParseReal(text);
      const auto* const end = std::end(kPercentiles);
      if (asked && std::find(std::begin(kPercentiles), end, *asked) != end) continue;
      return FlagError(name, Quoted(text),
                       absl::StrCat("some of ", absl::StrJoin(kPercentiles, ", ")));
    }
    out_.notes.push_back(absl::StrCat(name, " ", value, ": the results contain all percentiles"));
    return absl::OkStatus();
  }

  const absl::Span<const std::string> arguments_;
  size_t next_ = 0;
  std::optional<std::string> host_, port_;
  TranslatedArguments out_;
};

}  // namespace

absl::StatusOr<TranslatedArguments> TranslateHabits(absl::Span<const std::string> arguments) {
  return Translator(arguments).Translate();
}

}  // namespace drumfire

#include "common/histogram/histogram.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

// Rank of a percentile, from 1: the smallest number of values that make up that share. One ulp is
// taken off first so that rounding in the product never reaches into the next counter (as the Java
// library does).
int64_t RankOf(double percentile, int64_t total) {
  const double below = std::nextafter(percentile, -HUGE_VAL);
  const double wanted = std::min(std::max(below, 0.0), 100.0);
  const double rank = std::ceil(wanted * static_cast<double>(total) / 100.0);
  return std::max<int64_t>(static_cast<int64_t>(rank), 1);
}

}  // namespace

Histogram::Histogram(const HistogramShape& shape)
    : shape_(shape), pages_((shape.counters() + kPageCounters - 1) / kPageCounters) {}

Histogram::Histogram(const Histogram& other) : Histogram(other.shape_) {
  total_count_ = other.total_count_;
  over_range_count_ = other.over_range_count_;
  under_range_count_ = other.under_range_count_;
  for (size_t i = 0; i < pages_.size(); ++i) {
    if (other.pages_[i] != nullptr) pages_[i] = std::make_unique<Page>(*other.pages_[i]);
  }
}

Histogram& Histogram::operator=(const Histogram& other) {
  if (this != &other) *this = Histogram(other);
  return *this;
}

Histogram::Page& Histogram::MakePage(size_t index) {
  std::unique_ptr<Page>& page = pages_[index / kPageCounters];
  page = std::make_unique<Page>(Page{});
  return *page;
}

absl::Status Histogram::Merge(const Histogram& other) {
  if (shape_ != other.shape_) {
    return absl::InvalidArgumentError(absl::StrCat("cannot merge a histogram of ",
                                                   other.shape_.ToString(), " into one of ",
                                                   shape_.ToString()));
  }
  int64_t total = 0;
  if (__builtin_add_overflow(total_count_, other.total_count_, &total)) {
    return absl::OutOfRangeError("cannot merge histograms: the counts overflow");
  }
  for (size_t i = 0; i < pages_.size(); ++i) {
    if (other.pages_[i] == nullptr) continue;
    Page& page = PageOf(i * kPageCounters);
    for (size_t j = 0; j < kPageCounters; ++j) page[j] += (*other.pages_[i])[j];
  }
  total_count_ = total;
  over_range_count_ += other.over_range_count_;
  under_range_count_ += other.under_range_count_;
  return absl::OkStatus();
}

void Histogram::Clear() {
  for (std::unique_ptr<Page>& page : pages_) {
    if (page != nullptr) page->fill(0);
  }
  total_count_ = 0;
  over_range_count_ = 0;
  under_range_count_ = 0;
}

int64_t Histogram::ValueAtPercentile(double percentile) const {
  std::vector<int64_t> values;
  ValuesAtPercentiles({percentile}, &values);
  return values[0];
}

void Histogram::ValuesAtPercentiles(const std::vector<double>& percentiles,
                                    std::vector<int64_t>* out) const {
  out->assign(percentiles.size(), 0);
  if (total_count_ == 0) return;
  std::vector<int64_t> ranks;
  ranks.reserve(percentiles.size());
  for (const double percentile : percentiles) ranks.push_back(RankOf(percentile, total_count_));
  size_t next = 0;
  int64_t seen = 0;
  for (size_t i = 0; i < pages_.size() && next < ranks.size(); ++i) {
    if (pages_[i] == nullptr) continue;
    for (size_t j = 0; j < kPageCounters && next < ranks.size(); ++j) {
      seen += (*pages_[i])[j];
      const size_t index = i * kPageCounters + j;
      for (; next < ranks.size() && seen >= ranks[next]; ++next) {
        (*out)[next] = percentiles[next] <= 0 ? shape_.LowestEquivalent(index)
                                              : shape_.HighestEquivalent(index);
      }
    }
  }
}

int64_t Histogram::CountAt(size_t index) const {
  const std::unique_ptr<Page>& page = pages_[index / kPageCounters];
  return page == nullptr ? 0 : (*page)[index % kPageCounters];
}

size_t Histogram::UsedCounters() const {
  for (size_t i = pages_.size(); i-- > 0;) {
    if (pages_[i] == nullptr) continue;
    for (size_t j = kPageCounters; j-- > 0;) {
      if ((*pages_[i])[j] != 0) return i * kPageCounters + j + 1;
    }
  }
  return 0;
}

bool operator==(const Histogram& a, const Histogram& b) {
  if (a.shape_ != b.shape_ || a.total_count_ != b.total_count_) return false;
  static const Histogram::Page kZeros{};
  for (size_t i = 0; i < a.pages_.size(); ++i) {
    const Histogram::Page& left = a.pages_[i] == nullptr ? kZeros : *a.pages_[i];
    const Histogram::Page& right = b.pages_[i] == nullptr ? kZeros : *b.pages_[i];
    if (left != right) return false;
  }
  return true;
}

}  // namespace drumfire

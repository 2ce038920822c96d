#include "worker/engine/idle_list.h"

namespace drumfire {

IdleNode::~IdleNode() { IdleList::Remove(this); }

void IdleList::Push(IdleNode* node, int64_t now_ns) {
  Remove(node);
  node->list_ = this;
  node->idle_since_ns_ = now_ns;
  node->older_ = newest_;
  (newest_ != nullptr ? newest_->newer_ : oldest_) = node;
  newest_ = node;
  ++size_;
}

void IdleList::Remove(IdleNode* node) {
  IdleList* list = node->list_;
  if (list == nullptr) return;
  (node->newer_ != nullptr ? node->newer_->older_ : list->newest_) = node->older_;
  (node->older_ != nullptr ? node->older_->newer_ : list->oldest_) = node->newer_;
  node->list_ = nullptr;
  node->newer_ = node->older_ = nullptr;
  --list->size_;
}

}  // namespace drumfire

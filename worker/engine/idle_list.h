// Idle connections of one url, newest first, linked through the connections themselves: taking,
// adding and removing one from the middle allocates nothing. Does not own them.
#pragma once

#include <cstdint>

namespace drumfire {

class IdleList;

// Base of a connection. Removes itself from its list on destruction.
class IdleNode {
 public:
  IdleNode() = default;
  IdleNode(const IdleNode&) = delete;
  IdleNode& operator=(const IdleNode&) = delete;
  ~IdleNode();

  int64_t idle_since_ns() const { return idle_since_ns_; }

 private:
  friend class IdleList;
  IdleList* list_ = nullptr;
  IdleNode* newer_ = nullptr;
  IdleNode* older_ = nullptr;
  int64_t idle_since_ns_ = 0;
};

class IdleList {
 public:
  // now_ns must not decrease between calls.
  void Push(IdleNode* node, int64_t now_ns);
  // Does nothing if the node is not in a list.
  static void Remove(IdleNode* node);
  IdleNode* newest() const { return newest_; }
  IdleNode* oldest() const { return oldest_; }
  uint32_t size() const { return size_; }

 private:
  IdleNode* newest_ = nullptr;
  IdleNode* oldest_ = nullptr;
  uint32_t size_ = 0;
};

}  // namespace drumfire

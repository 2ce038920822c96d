// Does the list keep its order and its ends right when nodes come, go and die in any order?
#include "worker/engine/idle_list.h"

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

TEST(IdleList, RemovingWhatIsInNoListDoesNothing) {
  IdleNode node;
  IdleList::Remove(&node);
}

TEST(IdleList, DeadNodeLeavesTheList) {
  IdleList list;
  {
    IdleNode node;
    list.Push(&node, 1);
  }
  EXPECT_EQ(list.newest(), nullptr);
  EXPECT_EQ(list.oldest(), nullptr);
  EXPECT_EQ(list.size(), 0u);
}

TEST(IdleList, PushingAgainMakesItTheNewest) {
  IdleList list;
  IdleNode a, b;
  list.Push(&a, 1);
  list.Push(&b, 2);
  list.Push(&a, 3);
  EXPECT_EQ(list.newest(), &a);
  EXPECT_EQ(list.oldest(), &b);
  EXPECT_EQ(list.size(), 2u);
  EXPECT_EQ(a.idle_since_ns(), 3);
}

TEST(IdleList, MatchesAModelUnderRandomUse) {
  for (uint32_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    std::vector<std::unique_ptr<IdleNode>> nodes;
    for (int i = 0; i < 8; ++i) nodes.push_back(std::make_unique<IdleNode>());
    IdleList list;
    std::vector<IdleNode*> model;  // oldest first
    for (int step = 0; step < 200; ++step) {
      IdleNode* node = nodes[random() % nodes.size()].get();
      model.erase(std::remove(model.begin(), model.end(), node), model.end());
      if (random() % 3 == 0) {
        IdleList::Remove(node);
      } else {
        list.Push(node, step);
        model.push_back(node);
      }
      ASSERT_EQ(list.size(), model.size());
      EXPECT_EQ(list.newest(), model.empty() ? nullptr : model.back());
      EXPECT_EQ(list.oldest(), model.empty() ? nullptr : model.front());
    }
  }
}

}  // namespace
}  // namespace drumfire

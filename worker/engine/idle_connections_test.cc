// Are only those connections counted that a request could still use?
#include "worker/engine/idle_connections.h"

#include <sys/socket.h>
#include <unistd.h>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

// Both ends of a connection.
class SocketPair {
 public:
  SocketPair() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends_), 0); }
  ~SocketPair() {
    close(ours());
    HangUp();
  }
  int ours() const { return ends_[0]; }
  void Say(char byte) { EXPECT_EQ(write(ends_[1], &byte, 1), 1); }
  void HangUp() {
    if (ends_[1] >= 0) close(ends_[1]);
    ends_[1] = -1;
  }

 private:
  int ends_[2];
};

TEST(IdleConnections, ForgetsThoseTheServerLeft) {
  SocketPair left;
  SocketPair open;
  IdleConnections idle;
  idle.NoteIdle(left.ours(), 1);
  idle.NoteIdle(open.ours(), 1);
  left.HangUp();
  EXPECT_EQ(idle.CountFresh(0), 1u);
}

TEST(IdleConnections, ForgetsThoseIdleForTooLong) {
  SocketPair early;
  SocketPair late;
  IdleConnections idle;
  idle.NoteIdle(early.ours(), 10);
  idle.NoteIdle(late.ours(), 20);
  EXPECT_EQ(idle.CountFresh(20), 1u);
  EXPECT_EQ(idle.CountFresh(0), 1u);
}

TEST(IdleConnections, ForgetsThoseThatAreClosed) {
  SocketPair pair;
  IdleConnections idle;
  idle.NoteIdle(pair.ours(), 1);
  idle.NoteClosed(pair.ours());
  idle.NoteClosed(12345);
  EXPECT_EQ(idle.CountFresh(0), 0u);
}

TEST(IdleConnections, CountsOneUsedAgainOnceAndFromItsLastUse) {
  SocketPair pair;
  IdleConnections idle;
  idle.NoteIdle(pair.ours(), 1);
  idle.NoteIdle(pair.ours(), 5);
  EXPECT_EQ(idle.CountFresh(5), 1u);
}

TEST(IdleConnections, UnreadBytesAreNoSignOfAnEnd) {
  SocketPair pair;
  IdleConnections idle;
  idle.NoteIdle(pair.ours(), 1);
  pair.Say('x');
  EXPECT_EQ(idle.CountFresh(0), 1u);
}

}  // namespace
}  // namespace drumfire

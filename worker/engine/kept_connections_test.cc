// Are only those connections counted that a request could still use?
#include "worker/engine/kept_connections.h"

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

TEST(KeptConnections, ForgetsThoseTheServerLeft) {
  SocketPair left;
  SocketPair open;
  KeptConnections kept;
  kept.NoteKept(left.ours(), 1);
  kept.NoteKept(open.ours(), 1);
  left.HangUp();
  EXPECT_EQ(kept.CountFresh(0), 1u);
}

TEST(KeptConnections, ForgetsThoseIdleForTooLong) {
  SocketPair early;
  SocketPair late;
  KeptConnections kept;
  kept.NoteKept(early.ours(), 10);
  kept.NoteKept(late.ours(), 20);
  EXPECT_EQ(kept.CountFresh(20), 1u);
  EXPECT_EQ(kept.CountFresh(0), 1u);
}

TEST(KeptConnections, ForgetsThoseThatAreClosed) {
  SocketPair pair;
  KeptConnections kept;
  kept.NoteKept(pair.ours(), 1);
  kept.NoteClosed(pair.ours());
  kept.NoteClosed(12345);
  EXPECT_EQ(kept.CountFresh(0), 0u);
}

TEST(KeptConnections, CountsOneUsedAgainOnceAndFromItsLastUse) {
  SocketPair pair;
  KeptConnections kept;
  kept.NoteKept(pair.ours(), 1);
  kept.NoteKept(pair.ours(), 5);
  EXPECT_EQ(kept.CountFresh(5), 1u);
}

TEST(KeptConnections, UnreadBytesAreNoSignOfAnEnd) {
  SocketPair pair;
  KeptConnections kept;
  kept.NoteKept(pair.ours(), 1);
  pair.Say('x');
  EXPECT_EQ(kept.CountFresh(0), 1u);
}

}  // namespace
}  // namespace drumfire

// Does a read say when its bytes arrived, rather than when they were read?
#include "tools/mock_server/client_socket.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/clock/clock.h"
#include "gtest/gtest.h"
#include "tools/mock_server/listener.h"

namespace drumfire::mock {
namespace {

class ClientSocketTest : public testing::Test {
 protected:
  ClientSocketTest() {
    const auto listening = Listen("127.0.0.1", 0);
    EXPECT_TRUE(listening.ok());
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<uint16_t>(BoundPort(*listening)));
    client_ = socket(AF_INET, SOCK_STREAM, 0);
    EXPECT_EQ(connect(client_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    socket_ =
        std::make_unique<ClientSocket>(AcceptConnection(*listening, /*nagle=*/false), nullptr);
    close(*listening);
  }
  ~ClientSocketTest() override { close(client_); }

  void WaitUntilReadable() {
    pollfd wanted{socket_->fd(), POLLIN, 0};
    ASSERT_EQ(poll(&wanted, 1, -1), 1);
  }

  int client_ = -1;
  std::unique_ptr<ClientSocket> socket_;
};

TEST_F(ClientSocketTest, NothingReadHasNoArrival) {
  char buffer[16];
  EXPECT_EQ(socket_->Read(buffer, sizeof(buffer)), ClientSocket::kAgain);
  EXPECT_EQ(socket_->arrived_wall_ns(), 0);
}

TEST_F(ClientSocketTest, ArrivalIsBeforeTheRead) {
  constexpr int kTries = 10'000;  // the kernel begins to stamp some time after it was asked
  for (int i = 0; i < kTries; ++i) {
    const int64_t before_ns = SystemClock().WallNs();
    ASSERT_EQ(send(client_, "x", 1, 0), 1);
    WaitUntilReadable();
    const int64_t there_ns = SystemClock().WallNs();
    char buffer[16];
    ASSERT_EQ(socket_->Read(buffer, sizeof(buffer)), 1);
    if (socket_->arrived_wall_ns() == 0) continue;
    EXPECT_GE(socket_->arrived_wall_ns(), before_ns);
    EXPECT_LE(socket_->arrived_wall_ns(), there_ns);
    return;
  }
  GTEST_SKIP() << "the kernel gives no receive stamps here";
}

}  // namespace
}  // namespace drumfire::mock

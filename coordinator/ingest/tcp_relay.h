// For tests: a TCP relay between the ends of a record link, which can spoil the bytes it carries.
//
//   TcpRelay relay(port_of_the_worker);
//   intake.AddWorker({.endpoint = "tcp://127.0.0.1:" + std::to_string(relay.port()), ...});
//   relay.SpoilNext();   // the next bytes from the worker
#pragma once

#include <arpa/inet.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <thread>

#include "glog/logging.h"

namespace drumfire::testutil {

// Carries one connection at a time, on a thread of its own; the next one waits for its end.
class TcpRelay {
 public:
  // to_port: of 127.0.0.1.
  explicit TcpRelay(uint16_t to_port)
      : to_port_(to_port),
        listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
        stop_(eventfd(0, EFD_CLOEXEC)) {
    sockaddr_in where = Loopback(0);
    socklen_t size = sizeof(where);
    CHECK_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&where), size), 0);
    CHECK_EQ(listen(listener_, 16), 0);
    CHECK_EQ(getsockname(listener_, reinterpret_cast<sockaddr*>(&where), &size), 0);
    port_ = ntohs(where.sin_port);
    thread_ = std::thread([this] { Run(); });
  }
  ~TcpRelay() {
    eventfd_write(stop_, 1);
    thread_.join();
    close(listener_);
    close(stop_);
  }

  uint16_t port() const { return port_; }
  // Changes a byte of what comes next from to_port.
  void SpoilNext() { spoils_next_ = true; }
  bool has_spoilt() const { return !spoils_next_; }

 private:
  static sockaddr_in Loopback(uint16_t port) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    where.sin_port = htons(port);
    return where;
  }

  void Run() {
    while (true) {
      pollfd items[] = {{stop_, POLLIN, 0}, {listener_, POLLIN, 0}};
      poll(items, 2, -1);
      if (items[0].revents != 0) return;
      const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      const sockaddr_in where = Loopback(to_port_);
      const bool is_up =
          connect(server, reinterpret_cast<const sockaddr*>(&where), sizeof(where)) == 0;
      while (is_up && CarrySome(client, server)) continue;
      close(client);
      close(server);
    }
  }

  // False at the end of either connection.
  bool CarrySome(int client, int server) {
    pollfd items[] = {{stop_, POLLIN, 0}, {client, POLLIN, 0}, {server, POLLIN, 0}};
    poll(items, 3, -1);
    if (items[0].revents != 0) return false;
    if (items[1].revents != 0 && !Carry(client, server, false)) return false;
    return items[2].revents == 0 || Carry(server, client, spoils_next_);
  }

  bool Carry(int from, int to, bool spoils) {
    char bytes[4096];
    const ssize_t count = recv(from, bytes, sizeof(bytes), 0);
    if (count <= 0) return false;
    if (spoils) bytes[count - 1] = static_cast<char>(~bytes[count - 1]);
    if (spoils) spoils_next_ = false;
    return send(to, bytes, static_cast<size_t>(count), MSG_NOSIGNAL) == count;
  }

  const uint16_t to_port_;
  const int listener_;
  const int stop_;
  uint16_t port_ = 0;
  std::atomic<bool> spoils_next_ = false;
  std::thread thread_;
};

}  // namespace drumfire::testutil

// One connection of the scripted server: gathers requests, plays their scripts in turn. The
// server's thread only.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <string>

#include "worker/engine/testing/scripted_server.h"

namespace drumfire {

class ServerConnection {
 public:
  // Takes over fd. tls: null for plain.
  ServerConnection(int fd, int ordinal, SSL_CTX* tls);
  ServerConnection(const ServerConnection&) = delete;
  ServerConnection& operator=(const ServerConnection&) = delete;
  ~ServerConnection();

  // Reads available bytes; calls handler for each complete request and queues its script.
  void Read(const std::function<Script(const ServerRequest&)>& handler);
  void Queue(Script script);
  // Plays steps up to the next pause.
  void Play(int64_t now_ns);

  bool is_open() const { return fd_ >= 0; }
  bool is_paused() const { return is_open() && !steps_.empty(); }
  int64_t due_ns() const { return due_ns_; }

 private:
  bool TakeRequest(ServerRequest* request);
  long Receive(char* buffer, size_t size);
  void SendAll(const std::string& text);
  void Close(bool reset);

  int fd_;
  const int ordinal_;
  int requests_ = 0;
  SSL* tls_ = nullptr;
  std::string unread_;
  std::deque<ServerStep> steps_;
  int64_t due_ns_ = 0;
};

}  // namespace drumfire

#include "worker/engine/connection_pool.h"

#include <algorithm>

namespace drumfire {

ConnectionPool::ConnectionPool(size_t urls, const v1::Connections& options, const Clock& clock,
                               TimerHeap* timers)
    : options_(options),
      max_idle_ns_(options.max_idle_ns() > 0 ? options.max_idle_ns() : kNever),
      clock_(clock),
      timers_(timers),
      idle_(urls) {}

Connection* ConnectionPool::Add(std::unique_ptr<Connection> connection) {
  connection->place = all_.size();
  if (!connection->has_kernel_stamps()) ++unstamped_;
  all_.push_back(std::move(connection));
  return all_.back().get();
}

Connection* ConnectionPool::Take(const Exchange& exchange) {
  if (options_.reuse() == v1::REUSE_STICKY_USER_SESSIONS) {
    if (Connection* parked = TakeParked(exchange)) return parked;
  }
  auto* newest = static_cast<Connection*>(idle_[exchange.url].newest());
  if (newest == nullptr || IsExpired(*newest)) return nullptr;
  IdleList::Remove(newest);
  return newest;
}

Connection* ConnectionPool::TakeParked(const Exchange& exchange) {
  const auto found = sessions_.find({exchange.session_key(), exchange.url});
  if (found == sessions_.end() || IsExpired(*found->second)) return nullptr;
  Connection* connection = found->second;
  sessions_.erase(found);
  connection->parked_session.reset();
  IdleList::Remove(connection);
  return connection;
}

void ConnectionPool::ReturnUnused(Connection* connection) {
  PushIdle(&idle_[connection->url()], connection);
}

void ConnectionPool::ReturnAfter(Connection* connection, const Exchange& exchange) {
  if (options_.reuse() == v1::REUSE_POOLED) return ReturnUnused(connection);
  if (options_.reuse() == v1::REUSE_STICKY_USER_SESSIONS && !exchange.is_last_turn()) {
    return Park(connection, exchange.session_key());
  }
  CloseIdle(connection);
}

void ConnectionPool::Park(Connection* connection, uint64_t session) {
  const SessionKey key(session, connection->url());
  const auto earlier = sessions_.find(key);
  if (earlier != sessions_.end()) CloseIdle(earlier->second);
  sessions_[key] = connection;
  connection->parked_session = session;
  PushIdle(&parked_, connection);
}

void ConnectionPool::PushIdle(IdleList* list, Connection* connection) {
  const int64_t now_ns = clock_.MonotonicNs();
  list->Push(connection, now_ns);
  if (max_idle_ns_ != kNever) timers_->ArmNoLaterThan(this, now_ns + max_idle_ns_);
}

void ConnectionPool::Retire(Connection* connection) {
  IdleList::Remove(connection);
  if (connection->parked_session) sessions_.erase({*connection->parked_session, connection->url()});
  const size_t place = connection->place;
  if (!connection->has_kernel_stamps()) --unstamped_;
  retired_.push_back(std::move(all_[place]));
  if (place + 1 < all_.size()) {
    all_[place] = std::move(all_.back());
    all_[place]->place = place;
  }
  all_.pop_back();
}

void ConnectionPool::CloseIdle(Connection* connection) {
  connection->Close();
  Retire(connection);
}

bool ConnectionPool::IsExpired(const Connection& connection) const {
  return clock_.MonotonicNs() - connection.idle_since_ns() >= max_idle_ns_;
}

void ConnectionPool::CloseIdleBefore(IdleList* list, int64_t since_ns) {
  while (list->oldest() != nullptr && list->oldest()->idle_since_ns() <= since_ns) {
    CloseIdle(static_cast<Connection*>(list->oldest()));
  }
}

uint32_t ConnectionPool::CountFresh(uint32_t url) {
  if (max_idle_ns_ != kNever) CloseIdleBefore(&idle_[url], clock_.MonotonicNs() - max_idle_ns_ / 2);
  return idle_[url].size();
}

std::vector<Connection*> ConnectionPool::Busy() const {
  std::vector<Connection*> busy;
  for (const auto& connection : all_) {
    if (connection->is_busy()) busy.push_back(connection.get());
  }
  return busy;
}

void ConnectionPool::OnTimer(int64_t now_ns) {
  int64_t oldest_ns = kNever;
  const auto close_expired = [&](IdleList* list) {
    CloseIdleBefore(list, now_ns - max_idle_ns_);
    if (list->oldest() != nullptr) oldest_ns = std::min(oldest_ns, list->oldest()->idle_since_ns());
  };
  for (IdleList& list : idle_) close_expired(&list);
  close_expired(&parked_);
  if (oldest_ns != kNever) timers_->ArmNoLaterThan(this, oldest_ns + max_idle_ns_);
}

}  // namespace drumfire

#include "worker/engine/forwarded_head.h"

#include "absl/strings/str_cat.h"

namespace drumfire {

void AddressThroughProxy(const Target& target, std::string* head) {
  const size_t path = head->find(' ') + 1;
  if (path == 0 || path >= head->size() || (*head)[path] != '/') return;
  const std::string authorization = target.proxy.Authorization();
  if (!authorization.empty()) {
    head->insert(head->size() - 2, absl::StrCat("Proxy-Authorization: ", authorization, "\r\n"));
  }
  head->insert(path, target.origin);
}

}  // namespace drumfire

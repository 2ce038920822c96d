// Is a failed connect charged to the right side?
#include "worker/engine/connect_error.h"

#include <gmock/gmock.h>

#include <cerrno>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

v1::ErrorClass ClassOf(ConnectEvidence evidence) {
  return ClassifyConnectError("host:80", evidence).error;
}

TEST(ConnectError, OwnLimitsAreOurs) {
  EXPECT_EQ(ClassOf({CURLE_COULDNT_CONNECT, 0, EMFILE, true, ""}), v1::ERROR_CLIENT_LIMIT);
  EXPECT_EQ(ClassOf({CURLE_COULDNT_CONNECT, 0, ENFILE, true, ""}), v1::ERROR_CLIENT_LIMIT);
  EXPECT_EQ(ClassOf({CURLE_COULDNT_CONNECT, EADDRNOTAVAIL, 0, true, ""}), v1::ERROR_CLIENT_LIMIT);
  EXPECT_EQ(ClassOf({CURLE_OUT_OF_MEMORY, 0, 0, true, ""}), v1::ERROR_CLIENT_LIMIT);
  // A resolver without descriptors fails like an unknown name.
  EXPECT_EQ(ClassOf({CURLE_COULDNT_RESOLVE_HOST, 0, 0, false, ""}), v1::ERROR_CLIENT_LIMIT);
}

TEST(ConnectError, TellsTheServersFailuresApart) {
  EXPECT_EQ(ClassOf({CURLE_COULDNT_CONNECT, ECONNREFUSED, 0, true, ""}), v1::ERROR_REFUSED);
  EXPECT_EQ(ClassOf({CURLE_COULDNT_CONNECT, ENETUNREACH, 0, true, ""}), v1::ERROR_REFUSED);
  EXPECT_EQ(ClassOf({CURLE_COULDNT_CONNECT, ETIMEDOUT, 0, true, ""}), v1::ERROR_CONNECT_TIMEOUT);
  EXPECT_EQ(ClassOf({CURLE_OPERATION_TIMEDOUT, 0, 0, true, ""}), v1::ERROR_CONNECT_TIMEOUT);
  EXPECT_EQ(ClassOf({CURLE_COULDNT_RESOLVE_HOST, 0, 0, true, ""}), v1::ERROR_DNS);
  EXPECT_EQ(ClassOf({CURLE_PEER_FAILED_VERIFICATION, 0, 0, true, ""}), v1::ERROR_TLS);
  EXPECT_EQ(ClassOf({CURLE_RECV_ERROR, 0, 0, true, ""}), v1::ERROR_RESET);
}

TEST(ConnectError, SaysWhereAndWhy) {
  ConnectEvidence evidence;
  evidence.code = CURLE_COULDNT_CONNECT;
  evidence.detail = "words of libcurl";
  EXPECT_THAT(
      ClassifyConnectError("host:80", evidence).message,
      testing::AllOf(testing::HasSubstr("host:80"), testing::HasSubstr("words of libcurl")));
}

TEST(ConnectError, SaysWhatToDoAboutAProxyThatMakesNoTunnel) {
  ConnectEvidence evidence;
  evidence.code = CURLE_RECV_ERROR;
  evidence.detail = "CONNECT tunnel failed, response 403";
  EXPECT_THAT(ClassifyConnectError("host:80", evidence).message,
              testing::HasSubstr("response 403 (by the proxy of the environment"));
}

TEST(ConnectError, SeesThatADescriptorCanBeHad) {
  EXPECT_TRUE(CanOpenDescriptor(0));
  EXPECT_FALSE(CanOpenDescriptor(-1));
}

TEST(ConnectError, NothingOpenedSaysWhyOrThatTimeRanOut) {
  const absl::Status late = NothingOpened(ConnectTimedOut("host:80"));
  EXPECT_EQ(late.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(late.message()), testing::HasSubstr("host:80"));
  EXPECT_EQ(NothingOpened(ConnectError()).code(), absl::StatusCode::kDeadlineExceeded);
}

}  // namespace
}  // namespace drumfire

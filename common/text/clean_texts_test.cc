// Is nothing of another process's text left that a terminal would obey, or that has no end?
#include "common/text/clean_texts.h"

#include "drumfire/v1/control.pb.h"
#include "drumfire/v1/record.pb.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

TEST(CleanTextTest, NothingIsLeftThatATerminalObeys) {
  EXPECT_EQ(CleanText("\x1b[31mred\x1b]0;title\x07"), "?[31mred?]0;title?");
  EXPECT_EQ(CleanText("\xc2\x9b"
                      "31m and \x7f"),
            "?31m and ?");
  EXPECT_EQ(CleanText("a\r\n\tb"), "a   b");
  EXPECT_EQ(CleanText(absl::string_view("a\0b", 3)), "a?b");
}

TEST(CleanTextTest, LongTextIsCutBetweenTwoCharacters) {
  EXPECT_EQ(CleanText("12345678", 8), "12345678");
  EXPECT_EQ(CleanText("123456789", 8), "12345...");
  EXPECT_EQ(CleanText("1234\xc3\xa9\xc3\xa9\xc3\xa9", 8), "1234...");
  EXPECT_EQ(CleanText("123456789", 2), "...");
  EXPECT_EQ(CleanText(std::string(5'000'000, 'x')).size(), kLongestForeignText);
}

TEST(CleanTextTest, OtherTextStays) {
  for (const char* text : {"", "plain", "Zürich 東京 \xc2\xa0", "\xf0\x9f\x94\xa5"}) {
    EXPECT_EQ(CleanText(text), text);
  }
}

TEST(CleanTextsTest, EveryTextOfAMessageIsCleanedAndNoBytes) {
  v1::WorkerMessage message;
  v1::Ready* ready = message.mutable_ready();
  ready->set_version("1\n2");
  ready->mutable_limits()->set_host_name("\x1b[2J");
  ready->add_url_proxies("http://p\r");
  ready->add_needed_chunks("\x1b\n");
  ready->set_records_server_key(std::string(32, '\n'));
  CleanTexts(&message);
  EXPECT_EQ(ready->version(), "1 2");
  EXPECT_EQ(ready->limits().host_name(), "?[2J");
  EXPECT_EQ(ready->url_proxies(0), "http://p ");
  EXPECT_EQ(ready->needed_chunks(0), "\x1b\n");
  EXPECT_EQ(ready->records_server_key(), std::string(32, '\n'));
}

TEST(CleanTextsTest, NothingIsAddedToAMessage) {
  v1::Record record;
  record.set_session(7);
  CleanTexts(&record);
  EXPECT_FALSE(record.has_error());
  EXPECT_EQ(record.ByteSizeLong(), 2u);
}

}  // namespace
}  // namespace drumfire

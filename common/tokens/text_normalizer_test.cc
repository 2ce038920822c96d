// Is text brought into its normal form, and left alone when it is?
#include "common/tokens/text_normalizer.h"

#include "gtest/gtest.h"

namespace drumfire {
namespace {

TEST(TextNormalizerTest, RefusesUnknownForms) {
  EXPECT_EQ(TextNormalizer::Create("Lowercase").status().message(),
            "found normal form \"Lowercase\", expected NFC, NFD, NFKC or NFKD");
}

TEST(TextNormalizerTest, ComposesAndDecomposes) {
  std::string storage;
  EXPECT_EQ(TextNormalizer::Create("NFC")->Normalize("e\u0301", &storage), "\u00E9");
  EXPECT_EQ(TextNormalizer::Create("NFD")->Normalize("\u00E9", &storage), "e\u0301");
  EXPECT_EQ(TextNormalizer::Create("NFKC")->Normalize("\uFB01", &storage), "fi");
}

TEST(TextNormalizerTest, NormalTextIsNotCopied) {
  const std::string text = "caf\u00E9";
  std::string storage;
  EXPECT_EQ(TextNormalizer::Create("NFC")->Normalize(text, &storage).data(), text.data());
  EXPECT_EQ(TextNormalizer().Normalize("e\u0301", &storage), "e\u0301");
}

}  // namespace
}  // namespace drumfire

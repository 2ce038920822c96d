#include "common/dialect/response_reader.h"

#include "common/dialect/openai_reader.h"

namespace drumfire {

std::unique_ptr<ResponseReader> MakeResponseReader(v1::EndpointType type) {
  switch (type) {
    case v1::ENDPOINT_COMPLETIONS:
      return MakeCompletionsReader();
    case v1::ENDPOINT_EMBEDDINGS:
      return MakeEmbeddingsReader();
    default:
      return MakeChatReader();
  }
}

}  // namespace drumfire

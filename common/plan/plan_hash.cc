#include "common/plan/plan_hash.h"

#include "common/plan/digest.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

namespace drumfire {

std::string SerializePlan(const v1::Plan& plan) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    plan.SerializeToCodedStream(&coded);
  }
  return bytes;
}

std::string PlanHash(const v1::Plan& plan) { return Sha256(SerializePlan(plan)); }

}  // namespace drumfire

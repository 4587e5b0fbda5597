// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/refusal.hpp"

#include <array>
#include <string_view>

namespace chartmuseum::storage::amazon {

namespace {

using enum FailureKind;

struct Meaning {
  std::string_view code;
  FailureKind kind;
  std::string_view hint;
};

constexpr std::string_view kKeys =
    "check the access key, the secret key and the session token (docs/storage/amazon.md lists "
    "where "
    "they are looked for)";
constexpr std::string_view kBucket = "check --storage-amazon-bucket";
constexpr std::string_view kRegion =
    "the bucket is in another region: check --storage-amazon-region";
constexpr std::string_view kSlower = "the service asks for fewer requests";

constexpr std::array kMeanings{
    Meaning{"NoSuchBucket", denied, "there is no such bucket: check --storage-amazon-bucket"},
    Meaning{"InvalidBucketName", denied, kBucket},
    Meaning{"AllAccessDisabled", denied, kBucket},
    Meaning{"AccessDenied", denied,
            "the credentials need s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject and "
            "s3:DeleteObject on its objects"},
    Meaning{"AccountProblem", denied, "see to the account"},
    Meaning{"InvalidAccessKeyId", denied, kKeys},
    Meaning{"InvalidSecurity", denied, kKeys},
    Meaning{"InvalidToken", denied, kKeys},
    Meaning{"ExpiredToken", denied, kKeys},
    Meaning{"TokenRefreshRequired", denied, kKeys},
    Meaning{"SignatureDoesNotMatch", denied,
            "check the secret key and --storage-amazon-region, and that no proxy changes requests"},
    Meaning{"RequestTimeTooSkewed", denied, "check this machine's clock"},
    Meaning{"AuthorizationHeaderMalformed", denied, kRegion},
    Meaning{"PermanentRedirect", denied, kRegion},
    Meaning{"TemporaryRedirect", denied, kRegion},
    Meaning{"IllegalLocationConstraintException", denied, kRegion},
    Meaning{"KMS.DisabledException", denied, "check --storage-amazon-sse-kms-key-id"},
    Meaning{"KMS.NotFoundException", denied, "check --storage-amazon-sse-kms-key-id"},
    Meaning{"InvalidEncryptionAlgorithmError", denied, "check --storage-amazon-sse"},
    Meaning{"NotImplemented", denied,
            "the service does not know all of what was asked: check --storage-amazon-sse"},
    Meaning{"PreconditionFailed", conflict, ""},
    Meaning{"ConditionalRequestConflict", throttled, "somebody else is writing the same object"},
    Meaning{"OperationAborted", throttled, "somebody else is changing the same"},
    Meaning{"KeyTooLongError", invalid, ""},
    Meaning{"InvalidURI", invalid, ""},
    Meaning{"EntityTooLarge", invalid, ""},
    Meaning{"QuotaExceeded", full, ""},
    Meaning{"SlowDown", throttled, kSlower},
    Meaning{"Throttling", throttled, kSlower},
    Meaning{"ThrottlingException", throttled, kSlower},
    Meaning{"RequestLimitExceeded", throttled, kSlower},
    Meaning{"TooManyRequests", throttled, kSlower},
    Meaning{"TooManyRequestsException", throttled, kSlower},
    Meaning{"RequestTimeout", unavailable, ""},
    Meaning{"BadDigest", unavailable, "the bytes changed on their way"},
    Meaning{"XAmzContentSHA256Mismatch", unavailable, "the bytes changed on their way"},
    Meaning{"IncompleteBody", unavailable, ""},
    Meaning{"InternalError", unavailable, ""},
    Meaning{"ServiceUnavailable", unavailable, ""},
    Meaning{"NoSuchUpload", unavailable, "the upload in parts has gone"},
    Meaning{"InvalidPart", unavailable, "a part of the upload has gone"},
};

FailureKind kind_of_status(unsigned status) {
  if (status == 409) return throttled;
  if (status == 412) return conflict;
  if (status == 413) return invalid;
  if (status == 429) return throttled;
  if (status == 507) return full;
  if (status == 408 || status == 404) return unavailable;
  return status / 100 == 4 || status / 100 == 3 ? denied : unavailable;
}

Meaning meaning_of(const ServiceError& error, unsigned status) {
  for (const Meaning& meaning : kMeanings) {
    if (meaning.code == error.code) return meaning;
  }
  if (status == 403) return {"", denied, kKeys};
  if (status / 100 == 3)
    return {"", denied, "check --storage-amazon-endpoint and --storage-amazon-region"};
  if (status == 404) {
    return {"", unavailable, "it does not answer as S3 does: check --storage-amazon-endpoint"};
  }
  return {"", kind_of_status(status), ""};
}

}  // namespace

ServiceError error_in(const transport::Response& answer) {
  ServiceError error = read_error(answer.body).value_or(ServiceError{});
  if (const auto region = answer.headers.get("x-amz-bucket-region");
      region && error.region.empty() && region->size() < 64) {
    error.region = *region;
  }
  return error;
}

std::optional<Failure> failure_in(const transport::Response& answer, const std::string& bucket,
                                  const std::string& service) {
  const ServiceError error = error_in(answer);
  if (answer.status == 404 && error.code == "NoSuchKey") return std::nullopt;
  const Meaning meaning = meaning_of(error, answer.status);
  std::string detail =
      "bucket " + bucket + " at " + service + ": " +
      (error.code.empty() ? "status " + std::to_string(answer.status) : error.code);
  if (!error.message.empty()) detail += " (" + error.message + ")";
  if (!meaning.hint.empty()) detail.append("; ").append(meaning.hint);
  if (meaning.hint == kRegion && !error.region.empty()) detail += " (it says " + error.region + ")";
  return Failure{meaning.kind, std::move(detail)};
}

bool refuses_conditions(const transport::Response& answer) {
  if (answer.status == 501) return true;
  const std::string code = error_in(answer).code;
  return answer.status == 400 && (code == "NotImplemented" || code == "InvalidArgument" ||
                                  code == "InvalidRequest" || code == "UnsupportedHeader");
}

}  // namespace chartmuseum::storage::amazon

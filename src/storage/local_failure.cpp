// SPDX-License-Identifier: Apache-2.0
#include "storage/local_failure.hpp"

#include <cerrno>
#include <string>
#include <system_error>

namespace chartmuseum::storage {

namespace {

FailureKind kind_of(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return FailureKind::full;
    case EACCES:
    case EPERM:
    case EROFS:
      return FailureKind::denied;
    case ENAMETOOLONG:
    case EFBIG:
    case EISDIR:   // a folder has the object's name
    case ENOTDIR:  // an object has the folder's name
    case EILSEQ:   // a name that this file system cannot spell
      return FailureKind::invalid;
    default:
      return FailureKind::unavailable;
  }
}

}  // namespace

Failure failure_of(int error, std::string_view action, std::string_view path) {
  std::string detail = "cannot ";
  detail += action;
  detail += ' ';
  detail += path;
  detail += ": ";
  detail += std::generic_category().message(error);
  return {kind_of(error), std::move(detail)};
}

std::unexpected<Failure> failed(int error, std::string_view action, std::string_view path) {
  return std::unexpected(failure_of(error, action, path));
}

bool means_absent(int error) {
  return error == ENOENT || error == ENOTDIR || error == ELOOP;
}

}  // namespace chartmuseum::storage

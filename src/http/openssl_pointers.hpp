// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/freed_by.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>

namespace chartmuseum::http {

/// Owners of OpenSSL's objects.

using BioPointer = std::unique_ptr<BIO, FreedBy<BIO_free>>;
using CertificatePointer = std::unique_ptr<X509, FreedBy<X509_free>>;
using KeyPointer = std::unique_ptr<EVP_PKEY, FreedBy<EVP_PKEY_free>>;
using SslContextPointer = std::unique_ptr<SSL_CTX, FreedBy<SSL_CTX_free>>;
using SslPointer = std::unique_ptr<SSL, FreedBy<SSL_free>>;

}  // namespace chartmuseum::http

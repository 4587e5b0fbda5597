# SPDX-License-Identifier: Apache-2.0
"""Users with passwords, and files that know them."""

import ctypes

CHALLENGE = 'Basic realm="ChartMuseum"'
ALICE = ("alice", "open sesame: Straße 7")
BOB = ("bob", "b0b's other secret")
CAROL = ("carol", "third secret")


def authorized(login):
    return (login[0].encode(), login[1].encode())  # in UTF-8, as the challenge's readers do today


def hashed(password, prefix, cost):
    """By the system's library, as `htpasswd -B` and `mkpasswd` have it."""
    library = ctypes.CDLL("libcrypt.so.1")
    library.crypt.restype = library.crypt_gensalt.restype = ctypes.c_char_p
    setting = library.crypt_gensalt(prefix.encode(), ctypes.c_ulong(cost), None, 0)
    return library.crypt(password.encode(), setting).decode()


def lines(*logins, prefix="$2b$", cost=4):
    return "".join(f"{user}:{hashed(password, prefix, cost)}\n" for user, password in logins)

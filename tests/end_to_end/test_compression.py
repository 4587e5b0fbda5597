# SPDX-License-Identifier: Apache-2.0
"""The index for clients that take gzip, and for those that do not."""

import gzip
import subprocess

from museum import eventually
from packages import package


def test_the_index_is_compressed_for_those_who_ask(start_museum, folder):
    museum = start_museum()
    for number in range(300):
        (folder / f"many-1.{number}.0.tgz").write_bytes(package("many", f"1.{number}.0"))
    eventually(lambda: len(museum.index()["entries"].get("many", [])) == 300, "all are listed")

    def raw(**headers):
        return museum.get("/index.yaml", headers={"Accept-Encoding": "identity", **headers}, stream=True)

    for _ in range(3):
        plain, compressed = raw(), raw(**{"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in plain.headers
        assert compressed.headers["Content-Encoding"] == "gzip"
        assert plain.headers["Vary"] == compressed.headers["Vary"] == "Accept-Encoding"
        assert plain.headers["ETag"] != compressed.headers["ETag"]
        text, bytes_ = plain.raw.read(), compressed.raw.read()
        assert gzip.decompress(bytes_) == text
        assert len(bytes_) < len(text) / 2
        again = raw(**{"Accept-Encoding": "gzip", "If-None-Match": compressed.headers["ETag"]})
        assert again.status_code == 304 and again.raw.read() == b""
        part = raw(**{"Accept-Encoding": "gzip", "Range": "bytes=10-19"})
        assert part.status_code == 206 and part.raw.read() == bytes_[10:20]
        assert museum.push(package("more", f"1.0.{len(text)}")).status_code == 201
    curl = subprocess.run(["curl", "--silent", "--fail", "--compressed", museum.url + "/index.yaml"],
                          capture_output=True, check=True)
    assert curl.stdout == raw().raw.read()

    file = raw(**{"Accept-Encoding": "gzip"}).url.replace("index.yaml", "charts/many-1.0.0.tgz")
    sent = museum.session.get(file, headers={"Accept-Encoding": "gzip"}, stream=True)
    assert "Content-Encoding" not in sent.headers
    assert sent.raw.read() == (folder / "many-1.0.0.tgz").read_bytes()

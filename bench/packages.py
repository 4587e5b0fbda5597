# SPDX-License-Identifier: Apache-2.0
"""Chart packages as bytes: the same bytes for the same arguments, and quickly."""

import pathlib
import struct
import zlib
from collections.abc import Iterable, Iterator

BLOCK = 512  # of a tar archive
MODIFIED = 1_600_000_000  # every member's time, so that packages depend on nothing but their content


def tar_member(path: str, content: bytes) -> bytes:
    prefix, name = "", path
    if len(name) > 100:  # ustar keeps longer paths in two fields
        cut = path.rindex("/", 0, 100)
        prefix, name = path[:cut], path[cut + 1:]
    before = f"{name:\0<100}0000644\0{0:07o}\0{0:07o}\0{len(content):011o}\0{MODIFIED:011o}\0"
    after = f"0{'':\0<100}ustar\00000{'':\0<80}{prefix:\0<155}{'':\0<12}"
    checksum = sum(before.encode()) + sum(after.encode()) + 8 * ord(" ")
    return f"{before}{checksum:06o}\0 {after}".encode() + content + bytes(-len(content) % BLOCK)


def gzip(content: bytes, level: int = 6) -> bytes:
    compressor = zlib.compressobj(level, zlib.DEFLATED, 31)
    return compressor.compress(content) + compressor.flush()


def package(files: Iterable[tuple[str, bytes]], level: int = 6) -> bytes:
    return gzip(b"".join(tar_member(path, content) for path, content in files) + bytes(2 * BLOCK), level)


def small_package(name: str, version: str, padding: bytes = b"") -> bytes:
    """About 600 bytes, as many charts of a team's own are; with `padding` as much more."""
    metadata = (f"apiVersion: v2\nname: {name}\nversion: {version}\nappVersion: \"{version}\"\n"
                "description: A chart to measure how a repository server does\n"
                f"home: https://example.org/{name}\nkeywords: [web, http, example]\n"
                "maintainers:\n- name: someone\n  email: someone@example.org\n"
                f"sources:\n- https://example.org/src/{name}\n")
    files = [(f"{name}/Chart.yaml", metadata.encode()), (f"{name}/values.yaml", b"replicas: 1\n"),
             (f"{name}/templates/service.yaml", b"apiVersion: v1\nkind: Service\n")]
    if padding:
        files.append((f"{name}/files/padding", padding))
    return package(files, level=1)


def write_push_file(path: pathlib.Path, packages: Iterable[tuple[str, bytes]]) -> None:
    """Packages to push, as push.lua and load.cpp read them: name/version and package, each behind its
    size in four bytes, big-endian."""
    with path.open("wb") as file:
        for named, content in packages:
            encoded = named.encode()
            file.write(struct.pack(">I", len(encoded)) + encoded + struct.pack(">I", len(content)) + content)


def read_push_file(path: pathlib.Path) -> Iterator[str]:
    """Only their names: name/version."""
    with path.open("rb") as file:
        while size := file.read(4):
            yield file.read(struct.unpack(">I", size)[0]).decode()
            file.seek(struct.unpack(">I", file.read(4))[0], 1)

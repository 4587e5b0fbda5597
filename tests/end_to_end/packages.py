# SPDX-License-Identifier: Apache-2.0
"""Chart packages made for a test, good and bad."""

import functools
import gzip
import hashlib
import io
import tarfile
import zlib

import yaml


def tarball(files, compresslevel=1):
    """A gzipped tar of {path: bytes}."""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=compresslevel, mtime=0) as packed:
        with tarfile.open(fileobj=packed, mode="w") as archive:
            for path, data in files.items():
                member = tarfile.TarInfo(path)
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def package(name="mychart", version="0.1.0", files=None, **metadata):
    """A valid package. `files` are added below its folder."""
    chart = {"apiVersion": "v2", "name": name, "version": version, **metadata}
    content = {f"{name}/Chart.yaml": yaml.safe_dump(chart).encode(),
               f"{name}/values.yaml": b"replicas: 1\n",
               f"{name}/templates/service.yaml": b"kind: Service\n"}
    for path, data in (files or {}).items():
        content[f"{name}/{path}"] = data
    return tarball(content)


def large_package(name, version, size):
    """A valid package of about `size` bytes: of data that does not compress."""
    seed = f"{name}-{version}".encode()
    blocks = [hashlib.sha512(seed + str(at).encode()).digest() for at in range(size // 64)]
    return package(name, version, {"data.bin": b"".join(blocks)})


def provenance(chart, name="mychart", version="0.1.0"):
    """The form of a provenance file of the package `chart`; the signature is not one."""
    digest = hashlib.sha256(chart).hexdigest()
    return (f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n"
            f"apiVersion: v2\nname: {name}\nversion: {version}\n\n...\n"
            f"files:\n  {name}-{version}.tgz: sha256:{digest}\n"
            f"-----BEGIN PGP SIGNATURE-----\n\nwsBcBAEBCgAQBQJ\n=2dDd\n"
            f"-----END PGP SIGNATURE-----\n").encode()


def with_chart_yaml(text):
    return tarball({"mychart/Chart.yaml": text if isinstance(text, bytes) else text.encode()})


@functools.lru_cache
def bomb():
    """200 MiB of zeros in a package that is 200 KiB small."""
    size = 200 * 1024 * 1024
    packer = zlib.compressobj(9, wbits=31)
    member = tarfile.TarInfo("mychart/zeros")
    member.size = size
    packed = packer.compress(member.tobuf())
    megabyte = bytes(1024 * 1024)
    for _ in range(size // len(megabyte)):
        packed += packer.compress(megabyte)
    return packed + packer.compress(bytes(1024)) + packer.flush()

# SPDX-License-Identifier: Apache-2.0
"""Chart archives as nobody should make them: (name, bytes) pairs, the same ones every time.

Each family of cases probes one rule of docs/design/packages.md at and around its boundaries.
"""

import gzip
import random
import struct
import zlib

CHART = b"apiVersion: v1\nname: a\nversion: 1.0.0\n"
MIB = 1 << 20


def octal(value, width):
    return b"%0*o\0" % (width - 1, value)


def base256(value, width):
    encoded = (value & ((1 << (8 * width)) - 1)).to_bytes(width, "big")
    return bytes([encoded[0] | 0x80]) + encoded[1:]


def header(name=b"a/Chart.yaml", size=0, kind=b"0", mode=0o644, magic=b"ustar\x0000", prefix=b"", checksum=None,
           **fields):
    """A header block; `fields` overwrite raw bytes by offset (at_124=b"...")."""
    block = bytearray(512)

    def put(offset, data, width):
        block[offset:offset + min(len(data), width)] = data[:width]

    put(0, name, 100)
    put(100, octal(mode, 8), 8)
    put(108, octal(0, 8), 8)
    put(116, octal(0, 8), 8)
    put(124, octal(size, 12) if isinstance(size, int) else size, 12)
    put(136, octal(0, 12), 12)
    block[156:157] = kind
    put(257, magic, 8)
    if magic.startswith(b"ustar"):
        put(329, octal(0, 8), 8)
        put(337, octal(0, 8), 8)
    put(345, prefix, 155)
    for key, data in fields.items():
        offset = int(key.removeprefix("at_"))
        block[offset:offset + len(data)] = data
    block[148:156] = b" " * 8
    if checksum is None:
        checksum = b"%06o\0 " % sum(block)
    elif checksum == "signed":
        checksum = b"%06o\0 " % max(0, sum(b - 256 if b > 127 else b for b in block))
    block[148:148 + len(checksum)] = checksum
    return bytes(block)


def padded(data):
    return data + bytes(-len(data) % 512)


def member(name=b"a/Chart.yaml", data=CHART, **kwargs):
    kwargs.setdefault("size", len(data))
    return header(name, **kwargs) + padded(data)


def pax(records, kind=b"x", **kwargs):
    data = records if isinstance(records, bytes) else b"".join(record(k, v) for k, v in records)
    return member(b"a/PaxHeaders/x", data, kind=kind, **kwargs)


def record(key, value):
    rest = b" " + key + b"=" + value + b"\n"
    length = len(rest) + 1
    while len(b"%d" % length) + len(rest) != length:
        length += 1
    return b"%d" % length + rest


def long_name(name, kind=b"L"):
    return member(b"././@LongLink", name, kind=kind, magic=b"ustar  \0")


END = bytes(1024)
GOOD = member()


def pack(tar, level=9):
    return gzip.compress(tar, level, mtime=0)


def gzip_member(payload, flags=0, extra=b"", crc=None, size=None, trailer=None, head=b"\x1f\x8b\x08", raw=None):
    if raw is None:
        deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
        raw = deflate.compress(payload) + deflate.flush()
    if trailer is None:
        trailer = struct.pack("<II", zlib.crc32(payload) if crc is None else crc,
                              (len(payload) if size is None else size) & 0xFFFFFFFF)
    return head + bytes([flags]) + bytes(4) + b"\x02\xff" + extra + raw + trailer


def with_header_checksum(flags, extra, payload, off=0):
    head = b"\x1f\x8b\x08" + bytes([flags | 2]) + bytes(4) + b"\x02\xff" + extra
    crc = struct.pack("<H", (zlib.crc32(head) + off) & 0xFFFF)
    return gzip_member(payload, flags | 2, extra + crc)


def gzip_cases():
    tar = GOOD + END
    plain = pack(tar)
    yield "empty", b""
    for n in (1, 2, 3, 9, 10, 11):
        yield f"first-{n}-bytes", plain[:n]
    for n in range(len(plain)):
        yield f"cut-at-{n}", plain[:n]
    yield "no-end-cut-trailer", pack(GOOD)[:-1]
    yield "no-end-no-trailer", pack(GOOD)[:-8]
    yield "no-end-bad-crc", gzip_member(GOOD, crc=1)
    yield "no-end-bad-size", gzip_member(GOOD, size=1)
    yield "no-end", pack(GOOD)
    yield "one-zero-block", pack(GOOD + bytes(512))
    yield "one-zero-block-bad-crc", gzip_member(GOOD + bytes(512), crc=1)
    yield "half-zero-block", pack(GOOD + bytes(511))
    yield "block-and-a-half", pack(GOOD + bytes(800))
    yield "zero-block-then-header", pack(GOOD + bytes(512) + GOOD + END)
    yield "two-zero-blocks-then-header", pack(GOOD + END + member(b"evil"))
    yield "zero-block-first", pack(bytes(512) + GOOD + END)
    yield "only-zeros", pack(END)
    yield "only-zeros-long", pack(bytes(300000))
    yield "no-bytes", pack(b"")
    yield "one-byte", pack(b"x")
    yield "bad-crc", gzip_member(tar, crc=1)
    yield "bad-size", gzip_member(tar, size=1)
    yield "huge-size", gzip_member(tar, size=0xFFFFFFFF)
    yield "zero-size", gzip_member(tar, size=0)
    for size in (len(tar) - 1, len(tar) + 1, 1024, 512):
        yield f"size-{size}", gzip_member(tar, size=size)
    yield "garbage-after", plain + b"garbage"
    yield "garbage-after-long", plain + b"garbage" * 100
    yield "zeros-after", plain + bytes(20)
    yield "no-end-garbage-after", pack(GOOD) + b"garbage"
    yield "no-end-garbage-after-long", pack(GOOD) + b"garbage" * 3
    yield "no-end-zeros-after", pack(GOOD) + bytes(100)
    yield "not-gzip", b"PK\x03\x04" + bytes(100)
    yield "text", b"apiVersion: v1\nname: a\n"
    yield "method-7", b"\x1f\x8b\x07" + plain[3:]
    yield "plain-tar", tar
    # several members
    for cut in (0, 1, 100, 512, 513, 700, 1024, 1536, 2047):
        yield f"two-members-{cut}", pack(tar[:cut]) + pack(tar[cut:])
        yield f"two-members-bad-crc-{cut}", gzip_member(tar[:cut], crc=7) + pack(tar[cut:])
        yield f"two-members-bad-second-crc-{cut}", pack(tar[:cut]) + gzip_member(tar[cut:], crc=7)
        yield f"second-header-cut-{cut}", pack(tar[:cut]) + pack(tar[cut:])[:5]
        yield f"second-magic-{cut}", pack(tar[:cut]) + b"\x1f\x8c" + pack(tar[cut:])[2:]
        yield f"empty-member-between-{cut}", pack(tar[:cut]) + pack(b"") + pack(tar[cut:])
    yield "many-members", b"".join(pack(tar[i:i + 64]) for i in range(0, len(tar), 64))
    # header fields
    yield "reserved-flags", gzip_member(tar, 0xE0)
    yield "text-flag", gzip_member(tar, 1)
    yield "extra", gzip_member(tar, 4, b"\x05\0hello")
    yield "extra-empty", gzip_member(tar, 4, b"\0\0")
    yield "extra-cut", gzip_member(tar, 4, b"\xff\xff")
    yield "extra-cut-length", b"\x1f\x8b\x08\x04" + bytes(6) + b"\x05"
    yield "name", gzip_member(tar, 8, b"chart.tar\0")
    yield "name-latin1", gzip_member(tar, 8, b"\xe9\xff\0")
    yield "name-empty", gzip_member(tar, 8, b"\0")
    for n in (510, 511, 512, 513):
        yield f"name-{n}", gzip_member(tar, 8, b"n" * n + b"\0")
        yield f"comment-{n}", gzip_member(tar, 16, b"n" * n + b"\0")
    yield "name-endless", b"\x1f\x8b\x08\x08" + bytes(6) + b"n" * 100
    yield "name-endless-511", b"\x1f\x8b\x08\x08" + bytes(6) + b"n" * 511
    yield "name-endless-512", b"\x1f\x8b\x08\x08" + bytes(6) + b"n" * 512
    yield "name-endless-600", b"\x1f\x8b\x08\x08" + bytes(6) + b"n" * 600
    yield "all-fields", with_header_checksum(4 | 8 | 16, b"\x03\0abcname\0comment\0", tar)
    yield "header-checksum", with_header_checksum(0, b"", tar)
    yield "header-checksum-wrong", with_header_checksum(0, b"", tar, 1)
    yield "header-checksum-cut", b"\x1f\x8b\x08\x02" + bytes(6) + b"\x05"
    # the compressed data
    for level in (0, 1, 9):
        yield f"level-{level}", pack(tar, level)
    fixed = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_FIXED)
    yield "fixed-codes", gzip_member(tar, raw=fixed.compress(tar) + fixed.flush())
    flushed = zlib.compressobj(9, zlib.DEFLATED, -15)
    parts = b""
    for i in range(0, len(tar), 200):
        parts += flushed.compress(tar[i:i + 200]) + flushed.flush(zlib.Z_FULL_FLUSH)
    yield "flushed", gzip_member(tar, raw=parts + flushed.flush())
    yield "unfinished", gzip_member(tar, raw=parts)
    yield "unfinished-no-trailer", gzip_member(tar, raw=parts, trailer=b"")
    yield "block-type-3", gzip_member(tar, raw=b"\x07" + bytes(20))
    yield "stored-wrong-length", gzip_member(tar, raw=b"\x01\x05\x00\x05\x00hello")
    yield "stored-cut", gzip_member(tar, raw=b"\x01\x05\x00\xfa\xffhel", trailer=b"")
    stored = zlib.compressobj(0, zlib.DEFLATED, -15)
    raw = stored.compress(tar) + stored.flush()
    for n in (len(raw) - 1, len(raw) - 512, len(raw) - 513, len(raw) - 600):
        yield f"stored-cut-{n}", gzip_member(tar, raw=raw[:n], trailer=b"")
    for n in range(0, len(raw), 97):
        yield f"stored-cut-at-{n}", gzip_member(tar, raw=raw[:n], trailer=b"")
    # an error exactly where data ends
    for tail in (b"", bytes(512), END):
        body = GOOD + tail
        broken = zlib.compressobj(9, zlib.DEFLATED, -15)
        raw = broken.compress(body) + broken.flush(zlib.Z_SYNC_FLUSH)
        yield f"corrupt-after-{len(body)}", gzip_member(body, raw=raw + b"\x07\xff\xff")
        yield f"cut-after-{len(body)}", gzip_member(body, raw=raw, trailer=b"")


def bit_flips():
    big = GOOD + member(b"a/values.yaml", b"".join(b"key%d: value%d\n" % (i, i * i) for i in range(40))) + END
    for label, data in (("small", pack(GOOD + END)), ("values", pack(big)), ("stored", pack(GOOD + END, 0)[:700])):
        for bit in range(0, 8 * len(data), 1 if len(data) < 400 else 3):
            flipped = bytearray(data)
            flipped[bit // 8] ^= 1 << bit % 8
            yield f"flip-{label}-{bit}", bytes(flipped)
    for n in range(len(pack(big))):
        yield f"cut-values-at-{n}", pack(big)[:n]


def tar_cuts():
    tar = (pax([(b"path", b"a/Chart.yaml")]) + member(b"x") + long_name(b"a/values.yaml\0") + member(b"y", b"x: 1\n")
           + END)
    for n in list(range(0, len(tar), 64)) + [m + d for m in range(0, len(tar) + 1, 512) for d in (-1, 0, 1)]:
        if n >= 0:
            yield f"tar-cut-{n}", pack(tar[:n])
            yield f"tar-cut-no-trailer-{n}", pack(tar[:n])[:-8]


def path_cases():
    names = [
        b"Chart.yaml", b"./Chart.yaml", b"/Chart.yaml", b"./x/Chart.yaml", b"/x/Chart.yaml", b"//Chart.yaml",
        b"a//Chart.yaml", b"a/./Chart.yaml", b"a/x/../Chart.yaml", b"a/../Chart.yaml", b"a/../../Chart.yaml",
        b"../Chart.yaml", b"../evil", b"a/..", b"a/.", b"a/", b"a", b"", b"/", b"//", b"a/..a", b"a/..a/b", b"a/x/..",
        b"a/x/../..", b"a/x/../../y", b"a/c:/x", b"a/C:/x", b"a/c:", b"a/c:x", b"a/1:/x", b"a/cc:/x", b"a/./c:/x",
        b"Chart.yaml/x", b"Chart.yaml/", b"Chart.yaml/Chart.yaml", b"Chart.yaml\\x", b"a\\Chart.yaml",
        b"a\\templates\\x.yaml", b"a\\..\\x", b"a\\\\x", b"\\Chart.yaml", b"\\x\\Chart.yaml", b"a/b\\c", b"a\\b/c",
        b"a/b\\Chart.yaml", b"a\\b/../Chart.yaml", b"a\\c:\\x", b"a/c:\\x", b"a\\/x", b"a/\\x", b"..\\x", b"a\\.\\x",
        b"a/chart.yaml", b"a/CHART.YAML", b"a/Chart.yaml ", b" a/Chart.yaml", b"a/x\xff", b"a\xff", b"a\n", b"a\"b",
        b"a\xe2\x80\xa8", b"\xf0\x9f\x98\x80", b"a\x7f", b"a\x01", b"a\xc2\xa0", b"a\xc2\x85", b"a\xef\xbf\xbd",
        b"a/...", b"a/.../x", b"a/.x", b"a/x/", b"a/x/.", b"a/x//", b"a/x/./", b"~/x", b"a/ x", b"a/x\ty", b"a" * 100,
        b"a" * 99 + b"/", b"a/" + b"b" * 98,
    ]
    for i, name in enumerate(names):
        yield f"path-{i}", pack(GOOD + member(name, b"") + END)
        yield f"path-alone-{i}", pack(member(name) + END)
        yield f"path-directory-{i}", pack(GOOD + member(name, b"", kind=b"5") + END)
        yield f"path-link-{i}", pack(GOOD + member(name, b"", kind=b"2") + END)
        yield f"path-pax-{i}", pack(pax([(b"path", name)]) + member(b"a/Chart.yaml") + END)
        yield f"path-long-{i}", pack(long_name(name + b"\0") + member(b"a/Chart.yaml") + END)


def header_cases():
    for kind in range(256):
        yield f"type-{kind}", pack(GOOD + member(b"a/x", b"data", kind=bytes([kind])) + END)
        yield f"type-chart-{kind}", pack(member(b"a/Chart.yaml", CHART, kind=bytes([kind])) + END)
        yield f"type-no-data-{kind}", pack(GOOD + header(b"a/x", kind=bytes([kind])) + END)
        yield f"type-slash-{kind}", pack(GOOD + header(b"a/x/", kind=bytes([kind])) + END)
    for mode in (0, 0o777, 0o40000, 0o40755, 0o140000, 0o120777, 0o100644, 0o60000, 0o20000, 0o10000, 0o1777777, 0o7777777,
                 0o240755):
        yield f"mode-{mode:o}", pack(GOOD + member(b"a/x", b"y", mode=mode) + END)
        yield f"mode-chart-{mode:o}", pack(member(mode=mode) + END)
    for value in (1 << 32 | 0o40755, -1, 1 << 14, 0o40000 | 1 << 33, -(1 << 40)):
        yield f"mode-256-{value}", pack(GOOD + member(b"a/x", b"y", at_100=base256(value, 8)) + END)
    numbers = [
        b"", b"0", b"00000000000\0", b"0000000004 \0", b"       4\0", b"4\0", b"4 \0", b" 4", b"4\x004", b"4 4", b"8",
        b"9\0", b"a", b"-1", b"+4", b"0x4", b"0o4", b"4_0", b"\0\0\0" + b"4", b"777777777777", b"000000000004",
        b"\x80" + bytes(10) + b"\x04", b"\xff" * 12, b"\xff" * 11 + b"\xfc", b"\x80" + b"\xff" * 11, b"\xc0" + bytes(11),
        b"\x80\0\0\0" + b"\x7f" + b"\xff" * 7, b"\x80\0\0\0" + b"\x80" + bytes(7), b"\x80\0\0\1" + bytes(8),
        b"\xff\xff\xff\xff" + b"\x80" + bytes(7), b"\xff\xff\xff\xff" + b"\x7f" + b"\xff" * 7, b"\xbf" + b"\xff" * 11,
        b"4\n", b"\t4", b"4\x80", b" \0 \0", b"\0", b"    ",
    ]
    for i, number in enumerate(numbers):
        field = number + bytes(12 - len(number)) if len(number) < 12 else number
        yield f"size-{i}", pack(GOOD + member(b"a/x", b"data", size=field) + END)
        yield f"size-link-{i}", pack(GOOD + header(b"a/x", size=field, kind=b"2") + END)
        yield f"size-directory-{i}", pack(GOOD + header(b"a/x", size=field, kind=b"5") + END)
        short = (number + bytes(8))[:8]
        for offset, width in ((100, 8), (108, 8), (116, 8), (136, 12), (329, 8), (337, 8), (345, 12), (357, 12), (476, 12),
                              (488, 12)):
            data = field if width == 12 else short
            for magic in (b"ustar\x0000", b"ustar  \0", bytes(8), b"ustar\0xx"):
                yield (f"number-{offset}-{i}-{magic.hex()}",
                       pack(GOOD + member(b"a/x", b"y", magic=magic, **{f"at_{offset}": data}) + END))
            yield (f"number-star-{offset}-{i}",
                   pack(GOOD + member(b"a/x", b"y", **{"at_508": b"tar\0", "at_476": octal(0, 12), "at_488": octal(0, 12),
                                                  f"at_{offset}": data}) + END))
        yield f"checksum-{i}", pack(GOOD + member(b"a/x", b"y", checksum=short) + END)
    right = sum(header(b"a/x", 1)[:148]) + 8 * 32 + sum(header(b"a/x", 1)[156:])
    for i, text in enumerate((b"%06o\0 ", b"%07o\0", b"%08o", b"%6o\0 ", b" %06o ", b"%o", b"\0%06o\0", b"%07o ")):
        yield f"checksum-form-{i}", pack(GOOD + member(b"a/x", b"y", checksum=(text % right).ljust(8, b"\0")) + END)
    yield "checksum-off-by-one", pack(GOOD + member(b"a/x", b"y", checksum=b"%06o\0 " % (right + 1)) + END)
    yield "checksum-zero", pack(GOOD + member(b"a/x", b"y", checksum=bytes(8)) + END)
    yield "checksum-signed", pack(GOOD + member(b"a/x\xff\xfe", b"y", checksum="signed") + END)
    yield "checksum-unsigned", pack(GOOD + member(b"a/x\xff\xfe", b"y") + END)
    yield "checksum-256", pack(GOOD + member(b"a/x", b"y", checksum=base256(right, 8)) + END)
    for magic in (b"ustar\x0000", b"ustar  \0", bytes(8), b"ustar\0xx", b"ustar   ", b"ustar \0\0", b"USTAR\x0000", b"ustar00\0"):
        for prefix in (b"", b"a", b"a/b", b"p" * 155, b"p" * 131, b"\xff", b"\x00x", b"0000000000", b"z\xe9"):
            for trailer in (b"", b"tar\0"):
                fields = {"at_508": trailer} if trailer else {}
                yield (f"prefix-{magic.hex()}-{prefix[:8].hex()}-{len(prefix)}-{len(trailer)}",
                       pack(GOOD + member(b"x/y", b"z", magic=magic, prefix=prefix, **fields) + END))
    yield "full-name", pack(GOOD + member(b"a/" + b"n" * 98, b"") + END)
    yield "full-name-and-prefix", pack(GOOD + member(b"n" * 100, b"", prefix=b"p" * 155) + END)


def extension_cases():
    chart = member(b"b/x")
    values = [b"", b"1", b"+1", b"-1", b"-0", b"38", b"0x1", b"1_0", b" 1", b"1 ", b"1.5", b"1.", b".5", b"-1.5", b"1.x",
              b"1.5.5", b"9223372036854775807", b"9223372036854775808", b"-9223372036854775808", b"1e3", b"x", b"1\0", b"\0",
              b"a/y", b"a/Chart.yaml", b"+-1", b"--1", b"999999999999999999999999", b"0000000000000000000000000038"]
    for key in (b"path", b"linkpath", b"uname", b"gname", b"uid", b"gid", b"atime", b"mtime", b"ctime", b"size", b"comment",
                b"SCHILY.xattr.x", b"GNU.sparse.major", b"GNU.sparse.map", b"GNU.sparse.numblocks", b"LIBARCHIVE.creationtime",
                b"k\0y", b"p\0ath", b"PATH"):
        for i, value in enumerate(values):
            yield f"pax-{key.decode('latin1')}-{i}", pack(GOOD + pax([(key, value)]) + chart + END)
            yield f"pax-global-{key.decode('latin1')}-{i}", pack(GOOD + pax([(key, value)], b"g") + chart + END)
    for i, raw in enumerate((
            b"", b"\n", b" ", b"5", b"5 ", b"5 a=", b"5 a=\n", b"6 a=b\n", b"7 a=b\n", b"5 a=b\n", b"6 ab=\n", b"4 =\n",
            b"5 =b\n", b"6 =bc\n", b"6 abc\n", b"7 abcd\n", b"+6 a=b\n", b"-6 a=b\n", b"06 a=b\n", b"006 a=b\n", b"0 a=b\n",
            b"6 a=b", b"6 a=bX", b"6  a=b\n", b" 6 a=b\n", b"6\ta=b\n", b"9223372036854775808 a=b\n", b"6 a=b\n6 a=b\n",
            b"6 a=b\n\n", b"6 a=b\n\0", b"6 a=b\n" + bytes(10), b"100 path=a/y\n", b"7 a==b\n", b"8 a=b=c\n", b"8 path=\n",
            b"8 a=\n\nx\n", b"9 a=b\nc\n", b"4 a\n", b"3 \n", b"2 ", b"1 ", b"12 path=a/y\0\n", b"13 size=+00\n")):
        yield f"pax-raw-{i}", pack(GOOD + pax(raw) + chart + END)
        yield f"pax-raw-global-{i}", pack(GOOD + pax(raw, b"g") + chart + END)
    for n in (MIB - 1, MIB, MIB + 1, 2 * MIB):
        comment = record(b"comment", b"x" * (n - 20))
        comment = record(b"comment", b"x" * (n - 20 + n - len(comment)))
        yield f"pax-{n}", pack(GOOD + pax(comment) + chart + END)
        yield f"pax-global-{n}", pack(GOOD + pax(comment, b"g") + chart + END)
        yield f"long-name-{n}", pack(GOOD + long_name(b"a/" + b"n" * (n - 2)) + chart + END)
        yield f"long-link-{n}", pack(GOOD + long_name(b"a/" + b"n" * (n - 2), b"K") + chart + END)
        yield f"pax-cut-{n}", pack(GOOD + pax(comment)[:n // 2])
    x = pax([(b"path", b"a/px")])
    g = pax([(b"path", b"a/gx")], b"g")
    ln = long_name(b"a/lx\0")
    lk = long_name(b"a/kx\0", b"K")
    pieces = {"x": x, "g": g, "l": ln, "k": lk, "y": pax([(b"size", b"1")]), "e": long_name(b"\0"), "f": chart,
              "s": member(b"b/s", b"", kind=b"2"), "d": member(b"b/d/", b"", kind=b"5")}
    orders = ["x", "xf", "xxf", "xyf", "yxf", "xlf", "lxf", "xgf", "gxf", "lgf", "glf", "lkf", "klf", "llf", "xef", "ef", "lef",
              "xf", "xff", "xsf", "xdf", "ldf", "xg", "gg", "g", "l", "ll", "k", "ysf", "ydf", "yf", "eyf", "xlgf", "xkf"]
    for order in orders:
        for end in (END, b""):
            tar = b"".join(pieces[p] for p in order)
            yield f"order-{order}-{len(end)}", pack(GOOD + tar + end)
            yield f"order-alone-{order}-{len(end)}", pack(tar + end)
    for i, name in enumerate((b"a/n", b"a/n\0", b"a/n\0junk", b"\0a/n", b"", b"a/n" + bytes(600))):
        yield f"long-form-{i}", pack(GOOD + long_name(name) + chart + END)
    for kind in b"xgLK":
        yield f"extension-link-size-{kind}", pack(GOOD + header(b"a/x", size=5, kind=bytes([kind])) + END)
        yield f"extension-cut-{kind}", pack(GOOD + header(b"a/x", size=5000, kind=bytes([kind])) + bytes(100))
        yield f"extension-negative-{kind}", pack(GOOD + header(b"a/x", size=b"\xff" * 12, kind=bytes([kind])) + END)
        yield f"extension-mode-{kind}", pack(GOOD + header(b"a/x", kind=bytes([kind]), mode=0o40755) + chart + END)


def sparse_cases():
    def records(major=None, minor=None, **rest):
        result = [] if major is None else [(b"GNU.sparse.major", major)]
        result += [] if minor is None else [(b"GNU.sparse.minor", minor)]
        return result + [(b"GNU.sparse." + k.encode(), v) for k, v in rest.items()]

    def case(records_, data, **kwargs):
        return pack(GOOD + pax(records_) + member(b"a/sparse", data, **kwargs) + member(b"a/after", b"after") + END)

    def lines(*numbers):
        return padded(b"".join(b"%d\n" % n for n in numbers))

    ten = b"0123456789"
    maps = [(), (0, 10), (5, 10), (0, 5, 10, 5), (0, 5, 5, 5), (10, 5, 0, 5), (0, 6, 5, 4), (0, 11), (0, 9), (0, 0), (20, 0),
            (21, 0), (0, 10, 20, 0), (-1, 10), (0, -1), (1 << 62, 1 << 62), (10, 10), (11, 10), (0, 3, 10, 3, 15, 4),
            (0, 0, 0, 10), (5, 0, 0, 10), (19, 1), (0, 10, 10, 0, 10, 0)]
    for i, numbers in enumerate(maps):
        text = b",".join(b"%d" % n for n in numbers)
        count = b"%d" % (len(numbers) // 2)
        for size in (b"20", b"10", b"0", b"", b"-1", b"x", b"6000000", b"104857601"):
            yield (f"sparse-1.0-{i}-{size.decode()}",
                   case(records(b"1", b"0", name=b"a/real", realsize=size), lines(len(numbers) // 2, *numbers) + ten))
            yield (f"sparse-0.1-{i}-{size.decode()}",
                   case(records(b"0", b"1", numblocks=count, map=text, size=size, name=b"a/real"), ten))
        pairs = [(b"GNU.sparse.size", b"20"), (b"GNU.sparse.numblocks", count)]
        for offset, length in zip(numbers[::2], numbers[1::2]):
            pairs += [(b"GNU.sparse.offset", b"%d" % offset), (b"GNU.sparse.numbytes", b"%d" % length)]
        yield f"sparse-0.0-{i}", case(pairs, ten)
        entries = b"".join(octal(n, 12) if n >= 0 else base256(n, 12) for n in numbers if n < 1 << 33)[:96]
        for size in (20, 10, 0):
            yield (f"sparse-gnu-{i}-{size}",
                   pack(GOOD + member(b"a/s", ten, kind=b"S", magic=b"ustar  \0", at_386=entries, at_483=octal(size, 12))
                        + member(b"a/after", b"x") + END))
    for i, (major, minor) in enumerate(((None, b"0"), (b"1", None), (b"1", b"1"), (b"0", b"2"), (b"2", b"0"), (b"", b""),
                                        (b"0", b""), (b"0", b"0"), (b"0", b"1"), (b"1", b"0"), (b"01", b"0"), (None, None))):
        yield f"sparse-version-{i}", case(records(major, minor, map=b"0,10", numblocks=b"1", size=b"20"), ten)
        yield f"sparse-version-data-{i}", case(records(major, minor, realsize=b"20"), lines(1, 0, 10) + ten)
    for i, (numblocks, text) in enumerate(((b"1", b"0,10"), (b"2", b"0,10"), (b"0", b""), (b"0", b"0,10"), (b"", b"0,10"),
                                           (b"-1", b""), (b"1", b"0"), (b"1", b"0,"), (b"1", b","), (b"1", b"0,10,"),
                                           (b"2", b"0,5,5,5,"), (b"9223372036854775807", b"0,10"), (b"1", b"0,1x"),
                                           (b"1", b" 0,10"), (b"+1", b"+0,+10"), (b"1", b"0,10\n"), (b"x", b"0,10"))):
        yield f"sparse-map-{i}", case(records(b"0", b"1", numblocks=numblocks, map=text, size=b"20"), ten)
        yield f"sparse-map-guess-{i}", case(records(numblocks=numblocks, map=text, size=b"20"), ten)
    for i, data in enumerate((b"", b"1", b"1\n0\n10\n", b"x\n", b"\n", b"-1\n", b"0\n", b"1\n0\n", b"1\n\n\n", b"1\n0\n10",
                              b"99999\n" + b"0\n" * 100, b"9223372036854775807\n", b"4611686018427387904\n",
                              b"4611686018427387903\n", b"+1\n+0\n+10\n", b"1 \n0\n10\n", b"1\n 0\n10\n",
                              b"300\n" + b"".join(b"%d\n0\n" % i for i in range(300)), b"1" * 600 + b"\n", b"0" * 600 + b"\n")):
        for form in (data, padded(data), padded(data) + ten, data + ten):
            yield f"sparse-lines-{i}-{len(form)}", case(records(b"1", b"0", realsize=b"20"), form)
    yield "sparse-lines-endless", case(records(b"1", b"0", realsize=b"20"), b"9999999\n" + b"0\n" * MIB)
    yield "sparse-lines-long-token", case(records(b"1", b"0", realsize=b"20"), b"1" * (MIB + 512))
    for i, pairs in enumerate(((b"offset", b"offset"), (b"numbytes", b"offset"), (b"offset",), (b"offset", b"numbytes", b"offset"),
                               (b"offset", b"numbytes", b"numbytes"))):
        yield (f"sparse-0.0-order-{i}",
               case([(b"GNU.sparse.size", b"20"), (b"GNU.sparse.numblocks", b"1")] +
                    [(b"GNU.sparse." + key, b"0") for key in pairs], ten))
    yield "sparse-0.0-comma", case([(b"GNU.sparse.numblocks", b"1"), (b"GNU.sparse.offset", b"0,1")], ten)
    for kind in b"0123456789S7\0A":
        yield f"sparse-type-{kind}", case(records(b"1", b"0", realsize=b"20"), lines(1, 0, 10) + ten, kind=bytes([kind]))
        yield (f"sparse-type-map-{kind}",
               case(records(b"0", b"1", numblocks=b"1", map=b"0,10", size=b"20"), ten, kind=bytes([kind])))
    for magic in (b"ustar\x0000", b"ustar  \0", bytes(8)):
        yield (f"sparse-gnu-magic-{magic.hex()}",
               pack(GOOD + member(b"a/s", ten, kind=b"S", magic=magic, at_386=octal(0, 12) + octal(10, 12),
                                  at_483=octal(10, 12)) + END))
    extended = bytearray(512)
    extended[0:24] = octal(10, 12) + octal(5, 12)
    for more in (0, 1):
        extended[504] = more
        tar = (header(b"a/s", 10, b"S", magic=b"ustar  \0", at_386=octal(0, 12) + octal(5, 12), at_482=b"\1",
                      at_483=octal(20, 12)) + bytes(extended) + padded(ten) + member(b"a/after", b"x") + END)
        yield f"sparse-gnu-extended-{more}", pack(tar)
        yield f"sparse-gnu-extended-cut-{more}", pack(tar[:800])
    extended[504] = 1
    yield ("sparse-gnu-endless",
           pack(header(b"a/s", 10, b"S", magic=b"ustar  \0", at_482=b"\1", at_483=octal(20, 12)) + bytes(extended) * 2100))
    yield "sparse-cut", pack(GOOD + pax(records(b"1", b"0", realsize=b"20")) + header(b"a/s", 522) + lines(1, 0, 10) + b"01234")
    yield "sparse-cut-map", pack(GOOD + pax(records(b"1", b"0", realsize=b"20")) + header(b"a/s", 522) + b"1\n0\n")
    yield "sparse-directory-mode", case(records(b"0", b"1", numblocks=b"1", map=b"0,10", size=b"20"), ten, mode=0o40755)


def size_cases():
    yield "file-at-limit", pack(GOOD + member(b"a/big", bytes(5 * MIB)) + END)
    yield "file-over-limit", pack(GOOD + member(b"a/big", bytes(5 * MIB + 1)) + END)
    yield "file-claims-more", pack(GOOD + header(b"a/big", 5 * MIB + 1) + END)
    yield "file-claims-total", pack(GOOD + header(b"a/big", 100 * MIB) + END)
    yield "file-claims-over-total", pack(GOOD + header(b"a/big", 100 * MIB + 1) + END)
    yield "file-claims-left", pack(GOOD + header(b"a/big", 100 * MIB - len(CHART)) + END)
    yield "file-claims-left-and-one", pack(GOOD + header(b"a/big", 100 * MIB - len(CHART) + 1) + END)
    yield "file-over-limit-quoted", pack(GOOD + header(b"a/b\"\xff\n\xe2\x80\xa8\xc2\xad\xf0\x9f\x98\x80", 6 * MIB) + END)
    yield "file-over-limit-bad-path", pack(GOOD + header(b"a/../..", 6 * MIB) + END)
    yield "directory-claims-much", pack(GOOD + header(b"a/big/", 6 * MIB, b"5") + END)
    yield "directory-by-mode-holds-much", pack(GOOD + member(b"a/big", bytes(6 * MIB), mode=0o40755) + END)
    yield "link-claims-one", pack(GOOD + header(b"a/l", 1, b"2") + END)
    yield "link-claims-nothing", pack(GOOD + header(b"a/l", 0, b"2") + END)
    yield "link-claims-negative", pack(GOOD + header(b"a/l", b"\xff" * 12, b"2") + END)
    yield "chart-is-a-link", pack(header(b"a/Chart.yaml", 0, b"2") + END)
    part = member(b"a/part", bytes(5 * MIB))
    rest = 100 * MIB - 19 * 5 * MIB - len(CHART)
    yield "total-one-below", pack(GOOD + part * 19 + member(b"a/rest", bytes(rest - 1)) + END, 1)
    yield "total-equal", pack(GOOD + part * 19 + member(b"a/rest", bytes(rest)) + END, 1)
    yield "total-equal-then-cut", pack(GOOD + part * 19 + member(b"a/rest", bytes(rest)) + b"x", 1)
    yield "total-one-over", pack(GOOD + part * 20 + END, 1)
    yield "total-below-then-empty", pack(GOOD + part * 19 + member(b"a/rest", bytes(rest - 1)) + member(b"a/e", b"") + END, 1)
    yield "bom", pack(member(data=b"\xef\xbb\xbf" + CHART) + END)
    yield "two-boms", pack(member(data=b"\xef\xbb\xbf\xef\xbb\xbf" + CHART) + END)
    yield "bom-cut", pack(GOOD + member(b"a/x", b"\xef\xbb") + END)
    yield "only-directories", pack(member(b"a/", b"", kind=b"5") * 3 + END)
    yield "only-global-headers", pack(pax([(b"comment", b"x")], b"g") * 3 + END)


def random_cases(count=1500, seed=20):
    """Tars whose headers are damaged at random, with a checksum that still fits, and random compressed data."""
    rng = random.Random(seed)
    interesting = [b"\0", b" ", b"0", b"7", b"8", b"\x80", b"\xff", b"/", b"\\", b".", b"x", b"g", b"L", b"S", b"5", b"1"]
    base = [GOOD, pax([(b"path", b"a/y"), (b"size", b"5")]), long_name(b"a/z\0"), member(b"a/v", b"12345", magic=b"ustar  \0"),
            member(b"b", b"12345", prefix=b"a"), member(b"a/old", b"1", magic=bytes(8)), member(b"a/d/", b"", kind=b"5"),
            member(b"a/l", b"", kind=b"2"), member(b"a/s", b"12345", at_508=b"tar\0", at_476=octal(0, 12), at_488=octal(0, 12))]
    for i in range(count):
        chosen = [rng.choice(base) for _ in range(rng.randint(1, 4))]
        parts = []
        for part in chosen:
            block = bytearray(part)
            for _ in range(rng.randint(0, 3)):
                block[rng.randrange(len(block))] = rng.choice(interesting)[0]
            if rng.random() < 0.9:
                block[148:156] = b" " * 8
                block[148:156] = b"%06o\0 " % sum(block[:512])
            parts.append(bytes(block))
        tar = b"".join(parts) + rng.choice((END, END, b"", bytes(512), bytes(100)))
        data = pack(tar)
        if rng.random() < 0.3:
            data = data[:rng.randrange(1, len(data))]
        if rng.random() < 0.3:
            data = bytearray(data)
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        yield f"random-{i}", bytes(data)


def archives():
    """Cases that concern the archive alone."""
    for family in (gzip_cases, bit_flips, tar_cuts, path_cases, header_cases, extension_cases, sparse_cases, size_cases,
                   random_cases):
        yield from family()


def packed(*files):
    """A package of (path below the top directory, data) pairs, Chart.yaml first unless it is among them."""
    tar = b"" if any(path == b"Chart.yaml" for path, _ in files) else GOOD
    for path, data in files:
        if len(path) > 98:
            tar += pax([(b"path", b"a/" + path)])
        tar += member(b"a/" + path, data)
    return pack(tar + END)


def package_cases():
    """Whole packages: which files are looked into, in which order, and subcharts."""
    bad = b": ["
    sub = packed()
    names = [b"Chart.yaml", b"Chart.lock", b"requirements.yaml", b"requirements.lock", b"values.yaml", b"values.schema.json",
             b"chart.yaml", b"Values.yaml", b"values.yml", b"templates/x.yaml", b"crds/x.yaml", b"README.md", b".helmignore",
             b"x/Chart.yaml", b"charts.yaml", b"charts", b"charts/", b"chart/x", b"templates/Chart.yaml", b"templates"]
    for name in names:
        yield f"bad-{name.decode()}", packed((name, bad))
        yield f"empty-{name.decode()}", packed((name, b""))
        yield f"list-{name.decode()}", packed((name, b"[]"))
        yield f"text-{name.decode()}", packed((name, b"x"))
        yield f"null-{name.decode()}", packed((name, b"null"))
        yield f"mapping-{name.decode()}", packed((name, b"{}"))
        yield f"alone-{name.decode()}", pack(member(b"a/" + name, CHART) + END)
        yield f"alone-empty-{name.decode()}", pack(member(b"a/" + name, b"") + END)
        for other in names[:5]:
            yield f"order-{name.decode()}-{other.decode()}", pack(
                member(b"a/" + name, bad) + member(b"a/" + other, bad + b"\n- x") + GOOD + END)
    yield "chart-twice", packed((b"Chart.yaml", CHART), (b"Chart.yaml", b"version: 2.0.0\n"))
    yield "chart-twice-bad-first", packed((b"Chart.yaml", bad), (b"Chart.yaml", CHART))
    yield "chart-twice-null", packed((b"Chart.yaml", CHART), (b"Chart.yaml", b""))
    yield "chart-completed-later", packed((b"Chart.yaml", b"name: a\n"), (b"Chart.yaml", b"version: 1.0.0\n"))
    yield "chart-completed-by-requirements", packed((b"Chart.yaml", b"name: a\n"), (b"requirements.yaml", b"version: 1.0.0\n"))
    yield "requirements-before-chart", packed((b"requirements.yaml", b"version: 2.0.0\n"), (b"Chart.yaml", CHART))
    yield "requirements-twice", packed((b"requirements.yaml", b"version: 2.0.0\n"), (b"requirements.yaml", b"version: 3.0.0\n"))
    yield "values-twice-bad-first", packed((b"values.yaml", bad), (b"values.yaml", b""))
    yield "several-top-directories", pack(member(b"x/values.yaml", b"") + member(b"y/Chart.yaml") + member(b"z/q", b"") + END)
    for entry in (b"x", b"_x", b".x", b"x.prov", b"_x.tgz", b".x.tgz", b"x.tgz.prov", b"README.md", b"x.tar.gz", b"x.TGZ", b".tgz",
                  b"x.tgz", b"x.tgz/y", b"x.tgz/Chart.yaml", b"x/Chart.yaml", b"x/y", b"x/y.prov", b"x/charts/y", b"x/charts/y.prov",
                  b"x/charts/y/Chart.yaml", b"_x/Chart.yaml", b"x/charts/_y", b"x/charts/y.tgz", b"x.tgz/charts/y.tgz", b" x",
                  b"x/Chart.yaml/y", b"Chart.yaml", b"values.yaml", b"x y/Chart.yaml", b"x\xff/Chart.yaml", b"x_/Chart.yaml",
                  b"x.y/Chart.yaml", b"prov", b"x/.prov", b"x.prov/Chart.yaml", b"x.prov/y", b"..x/y", b"x.tgz/.prov", b"x.tgz.tgz"):
        label = entry.decode("latin1")
        for kind, data in (("empty", b""), ("chart", CHART), ("package", sub), ("bad", bad)):
            yield f"charts-{label}-{kind}", packed((b"charts/" + entry, data))
            yield f"charts-{label}-{kind}-below-x", packed((b"charts/x/Chart.yaml", CHART), (b"charts/" + entry, data))
            yield f"charts-{label}-{kind}-before-archive", packed((b"charts/" + entry, data), (b"charts/x.tgz", sub))
            yield f"charts-{label}-{kind}-after-archive", packed((b"charts/x.tgz", sub), (b"charts/" + entry, data))
    yield "charts-link", pack(GOOD + member(b"a/charts/x", b"", kind=b"2") + END)
    yield "charts-directory", pack(GOOD + member(b"a/charts/x/", b"", kind=b"5") + END)
    yield "charts-slash-file", pack(GOOD + member(b"a/charts/x/", b"") + END)
    for version in (b"", b"x", b"1.0.0"):
        chart = b"name: \"s/ub\"\nversion: %s\n" % version
        yield f"charts-invalid-{version.decode()}", packed((b"charts/x/Chart.yaml", chart))
        yield f"charts-packed-invalid-{version.decode()}", packed((b"charts/x.tgz", packed((b"Chart.yaml", chart))))
    for depth in (2, 5, 15, 30):
        path = b"".join(b"charts/d%d/" % i for i in range(depth))
        files = [(b"".join(b"charts/d%d/" % i for i in range(n)) + b"Chart.yaml", CHART) for n in range(1, depth + 1)]
        yield f"charts-deep-{depth}", packed(*files)
        yield f"charts-deep-broken-{depth}", packed(*files, (path + b"charts/z", b""))
        yield f"charts-deep-gap-{depth}", packed((path + b"Chart.yaml", CHART))
        nested = broken = sub
        broken = packed((b"values.yaml", bad))
        for _ in range(depth):
            nested, broken = packed((b"charts/n.tgz", nested)), packed((b"charts/n.tgz", broken))
        yield f"charts-packed-{depth}", nested
        yield f"charts-packed-broken-{depth}", broken
    yield "charts-many", packed(*((b"charts/c%d/Chart.yaml" % i, CHART) for i in range(500)))
    big = packed((b"x", bytes(4 * MIB)))
    yield "charts-limits-start-anew", packed(*((b"charts/%d.tgz" % i, big) for i in range(30)))
    yield "charts-over-limit", packed((b"charts/s.tgz", packed((b"x", bytes(5 * MIB + 1)))))
    yield "bom-everywhere", packed((b"Chart.yaml", b"\xef\xbb\xbf" + CHART), (b"values.yaml", b"\xef\xbb\xbfa: 1"),
                                   (b"charts/x.tgz", b"\xef\xbb\xbf" + sub))

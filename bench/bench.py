# SPDX-License-Identifier: Apache-2.0
"""What every group is given."""

import dataclasses
import os
import pathlib

from data import Data
from report import Row

HERE = pathlib.Path(__file__).resolve().parent


@dataclasses.dataclass
class Bench:
    binary: str
    programs: pathlib.Path  # bench_limit, bench_bare_writes, bench_load
    helm: str | None
    data: Data
    work: pathlib.Path  # on the same file system as the data, for the hard links
    rounds: int
    seconds: float  # of one measurement
    quick: bool
    churn_minutes: float

    def add(self, row: Row) -> Row:
        """Shows a row as soon as it is there."""
        print(row.line(), flush=True)
        return row

    def count(self, folder: pathlib.Path) -> int:
        return sum(1 for entry in os.scandir(folder) if entry.name.endswith(".tgz"))

    def put_away(self, folder: pathlib.Path) -> None:
        """Frees the folder's name. Its files go when all is measured: for minutes after a removal ext4 looks at each
        inode that it could give to a new file, and pushes would be measured with that."""
        folder.rename(self.work / f"done-{len(list(self.work.glob('done-*')))}")

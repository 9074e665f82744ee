"""What the ELF files of a folder ask of the system they will run on, and taking debug data out of them. Linux only; needs binutils."""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_MAGIC = b"\x7fELF"
# Rewritten by the tool that made their wheel; strip would move their segments off the page bounds, and they no longer load.
_LEFT_ALONE = re.compile(r".*/numpy\.libs/.*")


@dataclass(frozen=True)
class Needs:
    """`missing`: libraries no file of the folder provides, each with the files that ask for it. `glibc`: the newest version asked for."""

    missing: dict[str, list[str]]
    glibc: tuple[int, ...]


def files(folder: Path) -> Iterator[Path]:
    """All ELF files, links not followed."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as stream:
                if stream.read(4) == _MAGIC:
                    yield path


def strip(folder: Path) -> int:
    """Drop debug data and symbol tables; returns the bytes saved. Raises RuntimeError for a file that would no longer load."""
    saved = 0
    for path in files(folder):
        if (
            _LEFT_ALONE.match(path.as_posix()) or path.parent == folder
        ):  # the programs carry their archive at the end
            continue
        before = path.stat().st_size
        subprocess.run(
            ["strip", "--strip-unneeded", "--enable-deterministic-archives", str(path)], check=True
        )
        if torn := _off_page(path):
            raise RuntimeError(f"{path}: strip moved a segment off its page: {torn}")
        saved += before - path.stat().st_size
    return saved


def _off_page(path: Path) -> str:
    """The first LOAD segment whose address and offset differ modulo its alignment, which the loader refuses."""
    for line in _read("-lW", [path]).splitlines():
        match = re.match(r"\s+LOAD\s+(0x\w+)\s+(0x\w+).*\s(0x\w+)$", line)
        if match:
            offset, address, align = (int(value, 16) for value in match.groups())
            if align and (offset - address) % align:
                return line.strip()
    return ""


def needs(folder: Path) -> Needs:
    """What all ELF files of `folder` together ask of the system."""
    paths = list(files(folder))
    provided = {path.name for path in folder.rglob("*.so*")}
    missing: dict[str, list[str]] = defaultdict(list)
    versions: set[tuple[int, ...]] = {(0,)}
    for path in paths:
        said = _read("-dVW", [path])
        for name in re.findall(r"\(NEEDED\).*\[(.+)\]", said):
            if name not in provided:
                missing[name].append(path.relative_to(folder).as_posix())
        versions |= {tuple(map(int, found.split("."))) for found in re.findall(r"Name: GLIBC_([\d.]+)", said)}
    return Needs(dict(missing), max(versions))


def _read(options: str, paths: Iterable[Path]) -> str:
    return subprocess.run(
        ["readelf", options, *map(str, paths)], capture_output=True, text=True, check=True
    ).stdout

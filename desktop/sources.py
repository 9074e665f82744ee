"""Paths on disk to a bundle: which files there are, which format reads each, and what cannot be read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from desktop import openfiles
from desktop.bundle import Bundle, Record, Report
from desktop.errors import UserError
from desktop.formats import find, of_file, readable
from desktop.formats import scheme as schemes
from desktop.formats.base import Format, ReadOptions
from desktop.model import Scheme

# What lies beside articles and is none: never imported from a folder, never reported.
_BESIDE = ("readme", "license", "licence")
_MOST_SIBLINGS = 10_000


@dataclass(frozen=True)
class Source:
    """One file, the format that reads it, and the other files that are read with it."""

    path: Path
    format: Format
    beside: tuple[Path, ...] = ()


def open_bundle(
    paths: Sequence[Path], options: ReadOptions, report: Report, format: str | None = None
) -> Bundle:
    """The articles in files and folders. What cannot be read is listed in the report; the rest comes.

    A folder made by an export is read from its `jsonl` folder and `scheme.json`.
    """
    wanted = find(format) if format else None
    together = _together(paths, wanted)
    found: list[Source] = []
    seen: set[Path] = set()
    scheme: Scheme | None = None
    for path in paths:
        try:
            sources = _sources(path, wanted, together, report)
            if _is_dataset(path) and wanted is None:
                scheme = schemes.read(path / "scheme.json")
            found += [source for source in sources if source.path not in seen]
            seen.update(source.path for source in sources)
        except UserError as error:
            _skip(report, error, path)
        except OSError as error:
            report.skip(
                str(path), "", f"this cannot be read: {error.strerror}; check the path and its permissions"
            )

    def iterate() -> Iterator[Record]:
        for source in found:
            yield from _records(source, options, report)

    return Bundle(iterate, scheme)


def _records(source: Source, options: ReadOptions, report: Report) -> Iterator[Record]:
    assert source.format.read
    report.recognise(source.format.id, str(source.path))
    try:
        yield from source.format.read(source.path, replace(options, beside=source.beside), report)
    except UserError as error:
        _skip(report, error, source.path)
    except OSError as error:
        report.skip(str(source.path), "", f"the file cannot be read: {error.strerror}; check its permissions")


def _skip(report: Report, error: UserError, path: Path) -> None:
    reason = f"{error.message}; {error.hint}" if error.hint else error.message
    report.skip(error.file or str(path), error.position, reason)


def _is_dataset(path: Path) -> bool:
    return (path / "scheme.json").is_file() and (path / "jsonl").is_dir()


def _sources(
    path: Path, wanted: Format | None, together: Mapping[Path, Source], report: Report
) -> list[Source]:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise UserError("there is no such file or folder", "check the path", file=str(path)) from None
    if stat.S_ISDIR(mode):
        return _in_folder(path / "jsonl" if _is_dataset(path) and wanted is None else path, wanted, report)
    if openfiles.is_open(path):
        raise UserError("this is the project that is open", "choose files with articles", file=str(path))
    if path in together:
        return [together[path]]
    format = wanted or of_file(path)
    if format is None or format.read is None:
        raise UserError(
            f"no format reads {path.suffix or 'such'} files", "name one with --format", file=str(path)
        )
    return [Source(path, format)]


def _together(paths: Sequence[Path], wanted: Format | None) -> dict[Path, Source]:
    """For files named alone: the source that each is part of, with what lies around it in its folder."""
    named = [path for path in paths if os.path.isfile(path)]  # noqa: PTH113  # Path's own raises for odd names
    around = dict.fromkeys(named)
    for folder in dict.fromkeys(path.parent for path in named):
        with suppress(OSError):
            around |= dict.fromkeys(sorted(islice(folder.iterdir(), _MOST_SIBLINGS)))
    found = list(_gathered([path for path in around if not openfiles.is_open(path)], wanted))
    made = {source.path: source for source in found}
    for source in found:
        for path in source.beside:
            made.setdefault(path, source)
    return made


def _gathered(paths: Sequence[Path], wanted: Format | None) -> Iterator[Source]:
    """What the formats that spread articles over several files put together."""
    for format in readable():
        if format.gather and wanted in (None, format):
            for first, *beside in format.gather(paths):
                yield Source(first, format, tuple(beside))


def _in_folder(folder: Path, wanted: Format | None, report: Report) -> list[Source]:
    paths = sorted(_files(folder, report))
    found = list(_gathered(paths, wanted))
    taken = {path for source in found for path in (source.path, *source.beside)}
    for path in paths:
        if path in taken or path.stem.lower() in _BESIDE:
            continue
        format = _told(path, wanted, report)
        if format:
            found.append(Source(path, format))
    if not found:
        raise UserError(
            "there are no articles in this folder",
            "choose a folder with .txt or .jsonl files",
            file=str(folder),
        )
    return sorted(found, key=lambda source: source.path)


def _told(path: Path, wanted: Format | None, report: Report) -> Format | None:
    """The format that reads a file of a folder; None, and a line in the report, where none does."""
    try:
        format = of_file(path)
    except OSError as error:
        report.skip(str(path), "", f"the file cannot be read: {error.strerror}; check its permissions")
        return None
    if format and wanted in (None, format):
        return format
    what = f"not a {wanted.name} file" if wanted else f"no format reads {path.suffix or 'such'} files"
    report.skip(str(path), "", f"{what}; name this file alone with --format")
    return None


def _files(folder: Path, report: Report) -> Iterator[Path]:
    """All files below a folder but hidden ones. Links to folders may lead in circles and are reported, not followed."""

    def unreadable(error: OSError) -> None:
        report.skip(
            str(error.filename), "", f"the folder cannot be read: {error.strerror}; check its permissions"
        )

    for here, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(here, name) for name in folders):
            if path.is_symlink():
                report.skip(str(path), "", "this is a link to a folder; name the folder itself")
        for path in (Path(here, name) for name in names if not name.startswith(".")):
            if openfiles.is_open(path):
                continue
            if path.is_file():
                yield path
            else:
                report.skip(str(path), "", "this is no file that can be read; remove it, or mend the link")

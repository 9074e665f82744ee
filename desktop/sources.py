"""Paths on disk to a bundle: which files there are, which format reads each, and what cannot be read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.bundle import Bundle, Record, Report
from desktop.errors import UserError
from desktop.formats import find, of_file
from desktop.formats import scheme as schemes
from desktop.formats.base import Format, ReadOptions
from desktop.model import Scheme

# What lies beside articles and is none: never imported from a folder, never reported.
_BESIDE = ("readme", "license", "licence")


@dataclass(frozen=True)
class Source:
    """One file and the format that reads it."""

    path: Path
    format: Format


def open_bundle(
    paths: Sequence[Path], options: ReadOptions, report: Report, format: str | None = None
) -> Bundle:
    """The articles in files and folders. What cannot be read is listed in the report; the rest comes.

    A folder made by an export is read from its `jsonl` folder and `scheme.json`.
    """
    wanted = find(format) if format else None
    found: list[Source] = []
    scheme: Scheme | None = None
    for path in paths:
        try:
            sources = _sources(path, wanted, report)
            if _is_dataset(path) and wanted is None:
                scheme = schemes.read(path / "scheme.json")
            found += sources
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
    try:
        yield from source.format.read(source.path, options, report)
    except UserError as error:
        _skip(report, error, source.path)
    except OSError as error:
        report.skip(str(source.path), "", f"the file cannot be read: {error.strerror}; check its permissions")


def _skip(report: Report, error: UserError, path: Path) -> None:
    reason = f"{error.message}; {error.hint}" if error.hint else error.message
    report.skip(error.file or str(path), error.position, reason)


def _is_dataset(path: Path) -> bool:
    return (path / "scheme.json").is_file() and (path / "jsonl").is_dir()


def _sources(path: Path, wanted: Format | None, report: Report) -> list[Source]:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise UserError("there is no such file or folder", "check the path", file=str(path)) from None
    if stat.S_ISDIR(mode):
        return _in_folder(path / "jsonl" if _is_dataset(path) and wanted is None else path, wanted, report)
    format = wanted or of_file(path)
    if format is None or format.read is None:
        raise UserError(
            f"no format reads {path.suffix or 'such'} files", "name one with --format", file=str(path)
        )
    return [Source(path, format)]


def _in_folder(folder: Path, wanted: Format | None, report: Report) -> list[Source]:
    found = []
    for path in sorted(_files(folder, report)):
        format = of_file(path)
        if path.stem.lower() in _BESIDE:
            continue
        if format is None or (wanted and wanted is not format):
            what = f"not a {wanted.name} file" if wanted else f"no format reads {path.suffix or 'such'} files"
            report.skip(str(path), "", f"{what}; name this file alone with --format")
        else:
            found.append(Source(path, format))
    if not found:
        raise UserError(
            "there are no articles in this folder",
            "choose a folder with .txt or .jsonl files",
            file=str(folder),
        )
    return found


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
            if path.is_file():
                yield path
            else:
                report.skip(str(path), "", "this is no file that can be read; remove it, or mend the link")

"""Paths on disk to a bundle: which files there are, which format reads each, and what cannot be read."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from desktop import exported, openfiles
from desktop.archives import Unpacked, is_archive, unpack
from desktop.bundle import Record, Report
from desktop.errors import UserError
from desktop.formats import find, of_file, readable
from desktop.formats import scheme as schemes
from desktop.formats.base import Format, ReadOptions
from desktop.model import Scheme

_MOST_SIBLINGS = 10_000
_PAGE_FOLDER = re.compile(
    r"(?:[_.-](?:files|file|dateien|fichiers|archivos|ficheiros|bestanden|pliki|soubory|filer))$",
    re.IGNORECASE,
)
_TICK = 100
# What people try to import and what they can do instead.
_REMEDIES = {
    **dict.fromkeys((".doc", ".rtf", ".odt", ".pages", ".wps"), "open it in its program and save it as .docx"),
    **dict.fromkeys((".xls", ".ods", ".numbers"), "open it in its program and save it as .xlsx or .csv"),
    **dict.fromkeys((".gz", ".bz2", ".xz", ".tar", ".tgz", ".7z", ".rar", ".zst"), "unpack it and import the folder"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".webp", ".tif", ".tiff"), "leave it out, or run a text recognition (OCR)"),
    **dict.fromkeys((".epub", ".mobi", ".ps"), "convert it to PDF or plain text"),
    ".tagline": "this is a project: export its articles as Tagline JSONL",
}  # fmt: skip

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Source:
    """One file, the format that reads it, and the other files that are read with it.

    `name` is that of the file inside what is imported.
    """

    path: Path
    format: Format
    beside: tuple[Path, ...] = ()
    name: str = ""


@dataclass
class _Search:
    """All files below the paths of one import."""

    wanted: Format | None
    report: Report
    progress: Progress
    together: Mapping[Path, Source]
    scheme: Scheme | None = None
    # Their folders go when nothing holds them any more.
    unpacked: list[Unpacked] = field(default_factory=list)
    _seen: int = 0

    def tick(self, _: int = 0) -> None:
        self._seen += 1
        if self._seen % _TICK == 0:
            self.progress(0)

    def below(self, path: Path) -> list[Source]:
        """The sources of one path that a person named. Raises UserError, OSError."""
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            raise UserError("there is no such file or folder", "check the path", file=str(path)) from None
        if stat.S_ISDIR(mode):
            return self._in_dataset(path)
        if openfiles.is_open(path):
            raise UserError("this is the project that is open", "choose files with articles", file=str(path))
        if is_archive(path) and self.wanted is None:
            return self._in_dataset(self._unpack(path))
        if path in self.together:
            return [self.together[path]]
        format = self.wanted or of_file(path)
        if format is None or format.read is None:
            raise UserError(_unread(path), _remedy(path), file=str(path))
        return [Source(path, format)]

    def _unpack(self, path: Path) -> Path:
        made = unpack(path, self.report, self.tick)
        self.unpacked.append(made)
        return made.folder

    def _in_dataset(self, folder: Path) -> list[Source]:
        """What a folder holds; of one made by an export, the format that keeps most, with its scheme."""
        if self.wanted is None:
            folder, scheme = exported.part_to_read(folder)
            self.scheme = schemes.read(scheme) if scheme else self.scheme
        return self._in_folder(folder)

    def _in_folder(self, folder: Path) -> list[Source]:
        paths = self._listed(folder)
        found = list(_gathered(paths, self.wanted))
        taken = {path for source in found for path in (source.path, *source.beside)}
        for path in paths:
            self.tick()
            if path in taken or exported.goes_along(path):
                continue
            format = self._told(path)
            if format:
                found.append(Source(path, format))
        if not found:
            shown = self.report.shown(str(folder))
            what = "archive" if shown != str(folder) else "folder"
            raise UserError(
                f"there are no articles in this {what}",
                "choose one with texts, pages or tables",
                file=str(folder),
            )
        return sorted(found, key=lambda source: source.path)

    def _listed(self, folder: Path) -> list[Path]:
        """The files below a folder and in the archives there, sorted."""
        paths = []
        for path in sorted(_files(folder, self.report)):
            self.tick()
            if not is_archive(path):
                paths.append(path)
                continue
            try:
                paths += sorted(_files(self._unpack(path), self.report))
            except UserError as error:
                skip(self.report, error, path)
        return paths

    def _told(self, path: Path) -> Format | None:
        """The format that reads a file of a folder; None, and a line in the report, where none does."""
        try:
            format = of_file(path)
        except OSError as error:
            self.report.skip(str(path), "", _unreadable(error))
            return None
        except UserError as error:
            skip(self.report, error, path)
            return None
        if format and self.wanted in (None, format):
            return format
        what = f"not a {self.wanted.name} file" if self.wanted else _unread(path)
        self.report.skip(str(path), "", f"{what}; {_remedy(path)}")
        return None


@dataclass(frozen=True)
class Found:
    """What lies under the paths of an import. The folders of its archives go when nothing holds this any more."""

    sources: Sequence[Source]
    scheme: Scheme | None
    unpacked: Sequence[Unpacked]


def find_sources(
    paths: Sequence[Path], report: Report, format: str | None = None, progress: Progress = lambda done: None
) -> Found:
    """The files under some paths, with the format that reads each.

    Of a folder made by an export one format is read, with its `scheme.json`. `progress` is called while the files
    are looked for, and may raise Cancelled.
    """
    wanted = find(format) if format else None
    search = _Search(wanted, report, progress, _together(paths, wanted))
    found: list[Source] = []
    seen: set[Path] = set()
    for path in paths:
        try:
            sources = search.below(path)
        except UserError as error:
            skip(report, error, path)
            continue
        except OSError as error:
            report.skip(
                str(path), "", f"this cannot be read: {error.strerror}; check the path and its permissions"
            )
            continue
        base = os.path.dirname(os.path.abspath(path))  # noqa: PTH100, PTH120  # Path's own would follow links
        found += [
            replace(source, name=_name(source.path, base, report))
            for source in sources
            if source.path not in seen
        ]
        seen.update(source.path for source in sources)
    return Found(found, search.scheme, search.unpacked)


def _as_table(format: Format, options: ReadOptions) -> Format:
    """Who names columns means a table, also where Tagline's own records could be read."""
    return find("table") if options.columns and format.id == "jsonl" else format


def _name(path: Path, base: str, report: Report) -> str:
    """The name of a file inside what was imported: "folder/day/a.txt", "a.zip/a.txt"."""
    shown = os.path.abspath(report.shown(str(path)))  # noqa: PTH100
    return os.path.relpath(shown, base).replace(os.sep, "/")


def records(source: Source, options: ReadOptions, report: Report) -> Iterator[Record]:
    """The articles of one source; what cannot be read is told to the report."""
    format = _as_table(source.format, options)
    assert format.read
    report.recognise(format.id, str(source.path))
    origin = ""
    try:
        # A text without a word is an empty article; any other file that holds nothing is broken.
        if format.gather is None and format.id != "plain" and not source.path.stat().st_size:
            raise UserError("the file is empty", "leave it out")
        encoding = options.encodings.get(report.shown(str(source.path)), options.encoding)
        given = replace(options, beside=source.beside, name=source.name, encoding=encoding)
        for record in format.read(source.path, given, report):
            if record.position or record.given_id:
                yield record
            else:
                origin = origin or _origin(report.shown(str(source.path)))
                yield replace(record, origin=origin)
    except UserError as error:
        skip(report, error, source.path)
    except OSError as error:
        report.skip(str(source.path), "", _unreadable(error))


def _origin(path: str) -> str:
    """Tells a file from all others, also one of the same name, without saying where on this machine it lies."""
    return hashlib.sha256(os.path.abspath(path).encode("utf-8", "surrogatepass")).hexdigest()[:16]  # noqa: PTH100


def skip(report: Report, error: UserError, path: Path) -> None:
    reason = f"{error.message}; {error.hint}" if error.hint else error.message
    report.skip(error.file or str(path), error.position, reason)


def _unread(path: Path) -> str:
    return f"no format reads {path.suffix or 'such'} files"


def _remedy(path: Path) -> str:
    return _REMEDIES.get(
        path.suffix.lower(), "if it is text, end its name in .txt (or name it alone with --format plain)"
    )


def _unreadable(error: OSError) -> str:
    return f"the file cannot be read: {error.strerror}; check its permissions"


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


def _of_page(folder: str, files: Sequence[str]) -> bool:
    """Whether a folder holds the pictures and scripts of a page saved beside it: "News.html", "News_files" or "News-Dateien"."""
    stem = _PAGE_FOLDER.sub("", folder)
    return stem != folder and (f"{stem}.html" in files or f"{stem}.htm" in files)


def _files(folder: Path, report: Report) -> Iterator[Path]:
    """All files below a folder but hidden ones. Links to folders may lead in circles and are reported, not followed."""

    def unreadable(error: OSError) -> None:
        report.skip(
            str(error.filename), "", f"the folder cannot be read: {error.strerror}; check its permissions"
        )

    for here, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = [name for name in folders if not name.startswith(".") and not _of_page(name, names)]
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

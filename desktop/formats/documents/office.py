"""What .docx and .xlsx share: a zip archive of XML, which a hostile file can make as large as it likes."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop.errors import UserError
from desktop.formats.documents.base import LARGEST

_HEAD = 4096
_OLD = b"\xd0\xcf\x11\xe0"


@contextmanager
def opened(path: Path, kind: str) -> Iterator[zipfile.ZipFile]:
    """The archive of an office file, its parts small enough to be read; `kind` is the word for such a file.

    Raises UserError, also for what goes wrong with the archive inside the block.
    """
    with path.open("rb") as file:
        if file.read(4) == _OLD:
            raise UserError(
                f"this {kind} is protected by a password, or of an old program",
                "open it in its program and save it without a password, in the newer format",
            )
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
            if size > LARGEST:
                raise UserError(
                    f"the {kind} unpacks to {size // 1_000_000} MB, more than {LARGEST // 1_000_000}",
                    "take its pictures out, or split it",
                )
            _refuse_entities(archive)
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError) as error:
        raise UserError(
            f"the {kind} is damaged: {_plain(error)}", "open it in its program and save it again"
        ) from error


def _refuse_entities(archive: zipfile.ZipFile) -> None:
    """No office program declares entities; who does wants them to grow."""
    for part in archive.infolist():
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as file:
                head = file.read(_HEAD)
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise UserError(
                    f"its part {part.filename} declares entities, as no office program does",
                    "leave the file out",
                )


def _plain(error: Exception) -> str:
    return str(error).strip("'\"").split("\n")[0][:120] or "it ends too early"

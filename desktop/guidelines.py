"""The guidelines of a project: one Markdown text, edited in the window or read from a file."""

from __future__ import annotations

from pathlib import Path

from desktop import commands
from desktop.errors import UserError
from desktop.session import Session
from desktop.store import queries
from desktop.text import clean

# A book of a million characters is no guidelines, and would be laid out beside every article.
MOST_BYTES = 1 << 20


def set_guidelines(session: Session, markdown: str, title: str = "Edit the guidelines") -> None:
    """Other guidelines, as one step with that title; the same again are none."""
    if markdown != queries.guidelines(session.store):
        with session.step(title):
            commands.set_property(session, "guidelines", markdown)


def read(path: Path) -> str:
    """The guidelines in a file, in whatever encoding it is. Raises UserError for what is no text, or far too long."""
    from desktop.decoding import decode  # noqa: PLC0415

    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UserError(
            f"cannot be read: {error.strerror or error}", "choose another file", file=str(path)
        ) from None
    if len(data) > MOST_BYTES:
        raise UserError(
            "is longer than a megabyte", "guidelines are a text to be read beside an article", file=str(path)
        )
    try:
        return clean(decode(data).text).text
    except UserError as error:
        raise UserError(error.message, error.hint, file=str(path), position=error.position) from None

"""The table of formats. A new one is a file in this folder, a line here and a golden file in the tests."""

from __future__ import annotations

from pathlib import Path

from desktop.errors import UserError
from desktop.formats import brat, conll, huggingface, jsonl, plain
from desktop.formats.base import Format

FORMATS: tuple[Format, ...] = (
    Format("jsonl", "Tagline JSONL", "Everything: spans, relations, notes, status. For keeping and for moving on.",
           (".jsonl",), jsonl.read, jsonl.write, jsonl.read_back),
    Format("huggingface", "Hugging Face", "Every span, relation and span note, with tokens and flat tags for training; article "
           "notes, page furniture and times of labelling are left out.",
           write=huggingface.write, read_back=huggingface.read_back),
    Format("conll", "CoNLL IOB2", "Tokens with one flat column of tags a label; spans nested in the same label or in several "
           "fragments, attributes, notes and relations are left out.", write=conll.write, read_back=conll.read_back),
    Format("brat", "brat standoff", "Spans, attributes, relations and their notes; a span is split at line ends, and metadata, "
           "article notes and ids are left out.", write=brat.write, read_back=brat.read_back),
    Format("plain", "Plain text", "One article a file.", (".txt", ".text", ""), plain.read),
)  # fmt: skip


def find(name: str) -> Format:
    """The format of that name. Raises UserError that lists those there are."""
    for format in FORMATS:
        if format.id == name:
            return format
    raise UserError(
        f"no format is called {name!r}", f"use one of {', '.join(format.id for format in FORMATS)}"
    )


def readable() -> tuple[Format, ...]:
    return tuple(format for format in FORMATS if format.read)


def writable() -> tuple[Format, ...]:
    return tuple(format for format in FORMATS if format.write)


def of_file(path: Path) -> Format | None:
    """The format that reads files of this name, None if none does."""
    return next((format for format in readable() if path.suffix.lower() in format.suffixes), None)

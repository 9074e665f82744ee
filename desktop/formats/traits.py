"""Endings and options of formats: what the table of formats tells of them before their code is loaded."""

from __future__ import annotations

from desktop.formats.base import Option

BRAT_ENDINGS = (".ann", ".a1", ".a2")
CONLL_ENDINGS = (
    ".conll", ".iob", ".iob2", ".iobes", ".bio", ".bioes", ".bilou", ".conll03", ".conll2003", ".conllup",
)  # fmt: skip

CONLL_TAGS = Option("tags", "How tags mark the ends of a span.", ("iob2", "bioes"))
CONLL_FILES = Option("files", "A file for each label, or one with a column for each.", ("labels", "columns"))
CONLL_NESTED = Option(
    "nested",
    "Spans that share a token with another of their label: left out, or in further layers.",
    ("leave-out", "layers"),
)
CSV_SEPARATOR = Option("separator", "What parts the cells.", ("comma", "tab"))
CSV_FORMULAS = Option(
    "formulas",
    "Cells that begin like a formula: as they are, or with an apostrophe in front.",
    ("keep", "guard"),
)
DOCCANO_SHAPE = Option(
    "shape", "For a project with relations, or one with labels alone.", ("relations", "labels")
)
HUGGINGFACE_FILES = Option(
    "files",
    "JSON lines, which any editor opens, or Parquet, smaller and with exact types.",
    ("jsonl", "parquet"),
)

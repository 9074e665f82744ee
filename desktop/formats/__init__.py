"""The table of formats. A new one is a file in this folder, a line here and a golden file in the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from desktop.errors import UsageError, UserError
from desktop.formats import traits
from desktop.formats.base import HEAD, Format


class _Late:
    """A function by its place in this folder, as `late.brat.read`. Its module is loaded when it is first called: the table is read
    at every start, but the code of twenty formats is needed by few."""

    def __init__(self, place: str) -> None:
        self._place = place

    def __getattr__(self, name: str) -> _Late:
        return _Late(f"{self._place}.{name}")

    def __str__(self) -> str:
        return self._place

    def __call__(self, *arguments: Any) -> Any:
        module, name = self._place.rsplit(".", 1)
        return getattr(import_module(module), name)(*arguments)


late = _Late(__name__)

FORMATS: tuple[Format, ...] = (
    Format("jsonl", "Tagline JSONL", "Everything: spans, relations, notes, status. For keeping and for moving on.",
           (".jsonl",), late.jsonl.read, late.jsonl.write, late.jsonl.read_back),
    Format("huggingface", "Hugging Face", "Every span, relation and span note, with tokens and flat tags for training; article "
           "notes, page furniture and times of labelling are left out.",
           (), late.rows_reading.read, late.huggingface.write, late.huggingface.read_back, (traits.HUGGINGFACE_FILES,),
           late.rows_reading.sniff),
    Format("parquet", "Parquet", "Every span, relation and span note in one table a split, with tokens and flat tags; "
           "article notes, page furniture and times of labelling are left out.",
           (".parquet",), late.rows_reading.read, late.parquet.write, late.parquet.read_back),
    Format("spacy", "spaCy", "Corpora and configs for spacy train: nested spans in doc.spans, flat layers in doc.ents; "
           "spans in several fragments, article notes and page furniture are left out.",
           (".spacy",), late.docbin_reading.read, late.docbin.write, late.docbin.read_back),
    Format("conll", "CoNLL columns", "Tokens with a flat column of tags for each label, IOB2 or BIOES; spans in several "
           "fragments, attributes, notes and relations are left out, nested ones of one label unless layers are asked for.",
           traits.CONLL_ENDINGS, late.conll_reading.read, late.conll.write, late.conll.read_back,
           (traits.CONLL_TAGS, traits.CONLL_FILES, traits.CONLL_NESTED), late.conll_reading.sniff, late.conll_reading.gather),
    Format("brat", "brat standoff", "Spans, attributes, relations and their notes; a span is split at line ends, and metadata, "
           "article notes and ids are left out.", traits.BRAT_ENDINGS, late.brat_reading.read, late.brat.write, late.brat.read_back,
           gather=late.brat_reading.gather),
    Format("labelstudio", "Label Studio", "Regions, attributes, notes, relations, and the configuration to import them into; "
           "spans in several fragments become one stretch, and article notes are left out.",
           (), late.labelstudio_reading.read, late.labelstudio.write, late.labelstudio.read_back,
           sniff=late.labelstudio_reading.sniff),
    Format("prodigy", "Prodigy", "Tokens, and spans and relations with their attributes and notes; spans in several fragments "
           "become one stretch, and article notes are left out.",
           (), late.prodigy.read, late.prodigy.write, late.prodigy.read_back, sniff=late.prodigy.sniff),
    Format("doccano", "doccano", "Labels and relations, for a project that allows overlapping ones; spans in several fragments "
           "become one stretch, and attributes and notes are left out.",
           (), late.doccano.read, late.doccano.write, late.doccano.read_back, (traits.DOCCANO_SHAPE,), late.doccano.sniff),
    Format("gliner", "GLiNER", "Examples of up to 384 words for training; spans in several fragments, attributes, notes and "
           "relations between examples are left out.", (), late.gliner_reading.read, late.gliner.write, late.gliner.read_back,
           sniff=late.gliner_reading.sniff),
    Format("csv", "CSV tables", "Tables of articles, spans and relations for spreadsheets and data frames; everything but history.",
           (), late.csvtables_reading.read, late.csvtables.write, late.csvtables.read_back,
           (traits.CSV_SEPARATOR, traits.CSV_FORMULAS), gather=late.csvtables_reading.gather),
    Format("cas", "UIMA CAS XMI", "Spans, attributes, relations and notes for INCEpTION (TypeSystem.xml comes first); "
           "metadata, article notes and page furniture are left out.",
           (".xmi",), late.cas_reading.read, late.cas.write, late.cas.read_back,
           sniff=late.cas_loading.sniff, gather=late.cas_loading.gather),
    Format("web", "Saved web page", "The story of a page with its title, author, day, site and address; menus, comments and "
           "notices are left out.", (".html", ".htm", ".xhtml", ".mhtml", ".mht"), late.documents.web.read,
           sniff=late.documents.web.sniff),
    Format("word", "Word document", "The paragraphs of a .docx, with its title and author.", (".docx", ".docm", ".dotx"),
           late.documents.word.read),
    Format("pdf", "PDF", "The text of a PDF, its printed lines joined to paragraphs.", (".pdf",), late.documents.pdf.read,
           sniff=late.documents.pdf.sniff),
    Format("mail", "Mail", "The body of a message, with its subject, sender and day.", (".eml",), late.documents.mail.read),
    Format("table", "Table of articles", "One article a row of a .csv, .tsv, .xlsx or of JSON objects; each column is a field of the "
           "article, or metadata.", (".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".ndjson"), late.documents.tables.read,
           sniff=late.documents.tables.sniff),
    Format("plain", "Plain text", "One article a file.", (".txt", ".text", ".md", ".markdown", ""), late.documents.plain.read),
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
    """The format that reads a file, by its content, else by its name; None if none does. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    known = (format for format in readable() if format.sniff and format.sniff(path, head))
    named = (format for format in readable() if path.suffix.lower() in format.suffixes)
    return next(known, None) or next(named, None)


def chosen(formats: Sequence[Format], given: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """For each format the values of its options from `given`, spelled `{"conll.tags": "bioes"}`.

    Raises UsageError for an option or a value that no format of these has.
    """
    made: dict[str, dict[str, str]] = {format.id: {} for format in formats}
    known = {f"{f.id}.{option.name}": (f, option) for f in formats for option in f.options}
    for name, value in given.items():
        if name not in known:
            hint = (
                f"use one of {', '.join(known)}" if known else "leave it out: these formats have no options"
            )
            raise UsageError(f"no option is called {name!r}", hint)
        format, option = known[name]
        if value not in option.values:
            raise UsageError(f"{name} cannot be {value!r}", f"use one of {', '.join(option.values)}")
        made[format.id][option.name] = value
    return made

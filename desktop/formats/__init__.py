"""The table of formats. A new one is a file in this folder, a line here and a golden file in the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from desktop.errors import UsageError, UserError
from desktop.formats import (
    brat,
    brat_reading,
    cas,
    cas_loading,
    cas_reading,
    conll,
    conll_reading,
    csvtables,
    csvtables_reading,
    docbin,
    docbin_reading,
    doccano,
    gliner,
    gliner_reading,
    huggingface,
    jsonl,
    labelstudio,
    labelstudio_reading,
    parquet,
    prodigy,
    rows_reading,
)
from desktop.formats.base import HEAD, Format
from desktop.formats.documents import mail, pdf, plain, tables, web, word

FORMATS: tuple[Format, ...] = (
    Format("jsonl", "Tagline JSONL", "Everything: spans, relations, notes, status. For keeping and for moving on.",
           (".jsonl",), jsonl.read, jsonl.write, jsonl.read_back),
    Format("huggingface", "Hugging Face", "Every span, relation and span note, with tokens and flat tags for training; article "
           "notes, page furniture and times of labelling are left out.",
           (), rows_reading.read, huggingface.write, huggingface.read_back, huggingface.OPTIONS, rows_reading.sniff),
    Format("parquet", "Parquet", "One table a split for DuckDB, pandas, Spark: every span, relation and span note, tokens and flat "
           "tags by their names; article notes, page furniture and times of labelling are left out.",
           (".parquet",), rows_reading.read, parquet.write, parquet.read_back),
    Format("spacy", "spaCy", "Corpora and configs for spacy train: nested spans in doc.spans, one flat layer a label in doc.ents; "
           "spans in several fragments, article notes and page furniture are left out.",
           (".spacy",), docbin_reading.read, docbin.write, docbin.read_back),
    Format("conll", "CoNLL columns", "Tokens with a flat column of tags for each label, IOB2 or BIOES; spans in several "
           "fragments, attributes, notes and relations are left out, nested ones of one label unless layers are asked for.",
           conll_reading.SUFFIXES, conll_reading.read, conll.write, conll.read_back, conll.OPTIONS, conll_reading.sniff,
           conll_reading.gather),
    Format("brat", "brat standoff", "Spans, attributes, relations and their notes; a span is split at line ends, and metadata, "
           "article notes and ids are left out.", brat_reading.LINES, brat_reading.read, brat.write, brat.read_back,
           gather=brat_reading.gather),
    Format("labelstudio", "Label Studio", "Regions, attributes, notes and relations, with the labelling configuration to import them "
           "into; spans in several fragments become one stretch, and article notes are left out.",
           (), labelstudio_reading.read, labelstudio.write, labelstudio.read_back, sniff=labelstudio_reading.sniff),
    Format("prodigy", "Prodigy", "Tokens, and spans and relations with their attributes and notes; spans in several fragments "
           "become one stretch, and article notes are left out.",
           (), prodigy.read, prodigy.write, prodigy.read_back, sniff=prodigy.sniff),
    Format("doccano", "doccano", "Labels and relations, for a project that allows overlapping ones; spans in several fragments "
           "become one stretch, and attributes and notes are left out.",
           (), doccano.read, doccano.write, doccano.read_back, doccano.OPTIONS, doccano.sniff),
    Format("gliner", "GLiNER", "Examples of up to 384 words for training; spans in several fragments, attributes, notes and "
           "relations between examples are left out.", (), gliner_reading.read, gliner.write, gliner.read_back,
           sniff=gliner_reading.sniff),
    Format("csv", "CSV tables", "Tables of articles, spans and relations for spreadsheets and data frames; everything but history.",
           (), csvtables_reading.read, csvtables.write, csvtables.read_back, csvtables.OPTIONS,
           gather=csvtables_reading.gather),
    Format("cas", "UIMA CAS XMI", "Spans, attributes, relations and notes for INCEpTION, which must import TypeSystem.xml first; "
           "metadata, article notes and page furniture are left out.",
           (".xmi",), cas_reading.read, cas.write, cas.read_back,
           sniff=cas_loading.sniff, gather=cas_loading.gather),
    Format("web", "Saved web page", "The story of a page with its title, author, day, site and address; menus, comments and "
           "notices are left out.", (".html", ".htm", ".xhtml", ".mhtml", ".mht"), web.read, sniff=web.sniff),
    Format("word", "Word document", "The paragraphs of a .docx, with its title and author.", (".docx", ".docm", ".dotx"), word.read),
    Format("pdf", "PDF", "The text of a PDF, its printed lines joined to paragraphs.", (".pdf",), pdf.read, sniff=pdf.sniff),
    Format("mail", "Mail", "The body of a message, with its subject, sender and day.", (".eml",), mail.read),
    Format("table", "Table of articles", "One article a row of a .csv, .tsv, .xlsx or of JSON objects; each column is a field of the "
           "article, or metadata.", (".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".ndjson"), tables.read, sniff=tables.sniff),
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
            raise UsageError(
                f"no option is called {name!r}", f"use one of {', '.join(known) or 'none: there are none'}"
            )
        format, option = known[name]
        if value not in option.values:
            raise UsageError(f"{name} cannot be {value!r}", f"use one of {', '.join(option.values)}")
        made[format.id][option.name] = value
    return made

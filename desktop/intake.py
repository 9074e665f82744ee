"""One import from paths to project, as the command line and the window both ask for it, and its account in words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from desktop import mapping
from desktop.bundle import Record, Report
from desktop.formats.base import ReadOptions
from desktop.imports import Changed, Unknown, import_bundle
from desktop.mapping import NameMap
from desktop.preview import Preview
from desktop.session import Session
from desktop.shelf import Shelf
from desktop.store import queries
from desktop.text import storable

Progress = Callable[[int], None]
DETAILS = frozenset(("date", "author", "outside"))
"""What is looked for in the text of an article that nobody has prepared."""
_FIRST_LINES = 5


@dataclass(frozen=True)
class Wishes:
    """What a person wants imported, and how. None and empty mean: found out, or guessed and said to be so.

    `encodings` are of single files, by the names that reports give them; `remembered` the columns of tables by their
    signature; `annotator` whose labels they are where the files do not say; `details` those of DETAILS that are taken from
    the texts.
    """

    paths: Sequence[Path]
    format: str | None = None
    encoding: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    remembered: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unknown: Unknown = "skip"
    names: NameMap = field(default_factory=NameMap)
    changed: Changed = "skip"
    encodings: Mapping[str, str] = field(default_factory=dict)
    annotator: str | None = None
    details: frozenset[str] = DETAILS

    @property
    def title(self) -> str:
        """Of the step."""
        names = ", ".join(path.name or str(path) for path in self.paths[:3])
        return storable(f"Import {names}{' …' if len(self.paths) > 3 else ''}")


def bring_in(
    session: Session, wishes: Wishes, annotator: str, progress: Progress = lambda done: None,
    shelf: Shelf | None = None,
) -> Report:  # fmt: skip
    """Import as one undoable step; `annotator` is whose labels they are where neither the wishes nor the files say.

    `progress` hears how many articles are done and may raise Cancelled; the project is as before then. What was read into
    `shelf` for a look is not read again.
    """
    return _run(session, wishes, annotator, progress, None, shelf or Shelf())


def look(
    session: Session, wishes: Wishes, annotator: str, progress: Progress = lambda done: None,
    shelf: Shelf | None = None,
) -> Preview:  # fmt: skip
    """Try an import out: what is read is kept in `shelf`, what it would do to the project is done, seen and taken back."""
    preview = Preview(annotator=wishes.annotator or annotator)
    known = queries.scheme(session.store)
    shelf = shelf or Shelf()
    preview.report = _run(session, wishes, annotator, progress, preview, shelf)
    declared = shelf.scheme if not queries.info(session.store)["articles"] else None
    preview.unknown = [
        one for one in preview.used.unknown(known) if not declared or not mapping.known(one.name, declared)
    ]
    preview.scheme = known
    preview.look_at_bytes(shelf.paths_of)
    return preview


def _run(
    session: Session, wishes: Wishes, annotator: str, progress: Progress, preview: Preview | None, shelf: Shelf
) -> Report:  # fmt: skip
    report = preview.report if preview else Report()
    options = ReadOptions(
        wishes.annotator or annotator, wishes.encoding, columns=wishes.columns, remembered=wishes.remembered,
        encodings=wishes.encodings,
    )  # fmt: skip
    shelf.read(wishes.paths, options, wishes.format, progress)
    staged = shelf.bundle(report, progress)
    bundle = replace(staged, iterate=lambda: (confirmed(record, wishes.details) for record in staged))
    return import_bundle(
        session, bundle, report, title=wishes.title, unknown=wishes.unknown, names=wishes.names, changed=wishes.changed,
        dry_run=preview is not None, progress=progress, watch=preview.see if preview else None,
    )  # fmt: skip


def confirmed(record: Record, details: Collection[str]) -> Record:
    """The record with only those details that a person has confirmed, of what was found in its text."""
    refused = [name for name in record.found if name not in details]
    if not refused:
        return record
    article = record.article
    meta = {name: value for name, value in article.meta.items() if name not in refused}
    outside = () if "outside" in refused else article.outside
    return replace(record, article=article.model_copy(update={"meta": meta, "outside": outside}))


def counted(count: int, one: str) -> str:
    return f"{count} {one}{'' if count == 1 else 's'}"


def place(row: Mapping[str, str]) -> str:
    """Where a row of a report belongs: its file, and the place in it."""
    return ", ".join(part for part in (row["file"], row["position"]) if part)


def lines(report: Report, *, dry_run: bool = False) -> list[str]:
    """The account of an import for people, without what was skipped."""
    verb = "Would import" if dry_run else "Imported"
    kinds = (report.articles, "article"), (report.spans, "label"), (report.relations, "relation")
    made = [f"{verb} {', '.join(counted(count, kind) for count, kind in kinds)}."]
    kinds_read = (f"{counted(row['files'], 'file')} as {row['format']}" for row in report.formats)
    made += [f"Read {', '.join(kinds_read)}."] if report.formats else []
    made += [f"{place(row)}: the text is there already, as article {row['of']}" for row in report.duplicates]
    made += [
        f"{place(row)}: nearly the same text as article {row['of']} ({row['share']:.0%} in common)"
        for row in report.similar
    ]
    for row in report.columns:
        said = ", ".join(f"{column} as {name or 'nothing'}" for column, name in row["fields"].items())
        remedy = " (a guess; say otherwise with --column)" if row["guessed"] else ""
        made.append(f"{place({'file': row['file'], 'position': row['sheet']})}: read {said}{remedy}")
    for row in report.mapped:
        made.append(
            f"{row['kind']} {row['from']}: {row['count']} {'as ' + row['to'] if row['to'] else 'left out'}"
        )
    for row in report.guessed:
        what, value = next((key, row[key]) for key in row if key != "file")
        remedy = " (name another with --encoding)" if what == "encoding" else ""
        sample = f": “{row['sample']}”" if row.get("sample") else ""
        made.append(f"{row['file']}: the {what} is a guess: {value}{remedy}{sample}")
    made += [
        f"{row['site'] or 'the same folder'}: the line “{row['line']}” stands outside {counted(row['count'], 'article')}"
        for row in report.repeated
    ]
    found = {"date": "a date", "author": "an author", "outside": "page furniture"}
    made += [f"Found {found[what]} in {counted(count, 'text')}." for what, count in report.found.items()]
    made += [f"{place(row)}: the article has no text" for row in report.empty]
    made += [f"{row['file']}: cleaned: {row['what']} ({row['count']})" for row in report.cleaned]
    return made


def preview_lines(preview: Preview) -> list[str]:
    """The same for an import that is only tried out, with what there is to decide and how the first articles will look."""
    made = lines(preview.report, dry_run=True)
    languages = ", ".join(f"{code or 'unknown'} {count}" for code, count in preview.languages.most_common())
    made += [f"Languages: {languages}."] if languages else []
    for one in preview.unknown:
        proposal = f"; --map {one.name}={one.proposal} would fit" if one.proposal else ""
        made.append(
            f"{one.name.kind} {one.name} is not in the scheme: {one.count}, first {one.example!r}{proposal}"
        )
    for glimpse in preview.first[:_FIRST_LINES]:
        article = glimpse.record.article
        facts = [str(article.meta[name]) for name in ("date", "author", "source") if article.meta.get(name)]
        made.append(f"{glimpse.fate}: {' · '.join([article.title, *facts, f'{article.length} characters'])}")
    return made

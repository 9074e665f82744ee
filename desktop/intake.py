"""One import from paths to project, as the command line and the window both ask for it, and its account in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desktop.bundle import Report
from desktop.formats.base import ReadOptions
from desktop.imports import Changed, Unknown, import_bundle
from desktop.mapping import NameMap
from desktop.preview import Preview
from desktop.session import Session
from desktop.sources import open_bundle
from desktop.store import queries
from desktop.text import storable

Progress = Callable[[int], None]
_FIRST_LINES = 5


@dataclass(frozen=True)
class Wishes:
    """What a person wants imported, and how. None and empty mean: found out, or guessed and said to be so."""

    paths: Sequence[Path]
    format: str | None = None
    encoding: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    remembered: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unknown: Unknown = "skip"
    names: NameMap = field(default_factory=NameMap)
    changed: Changed = "skip"

    @property
    def title(self) -> str:
        """Of the step."""
        names = ", ".join(path.name or str(path) for path in self.paths[:3])
        return storable(f"Import {names}{' …' if len(self.paths) > 3 else ''}")


def bring_in(
    session: Session, wishes: Wishes, annotator: str, progress: Progress = lambda done: None
) -> Report:
    """Import as one undoable step; `annotator` is whose labels they are where the files do not say.

    `progress` hears how many articles are done and may raise Cancelled; the project is as before then.
    """
    return _run(session, wishes, annotator, progress, None)


def look(session: Session, wishes: Wishes, annotator: str, progress: Progress = lambda done: None) -> Preview:
    """Try an import out: all of it is done, seen and taken back."""
    preview = Preview()
    scheme = queries.scheme(session.store)
    preview.report = _run(session, wishes, annotator, progress, preview)
    preview.unknown = preview.used.unknown(scheme)
    return preview


def _run(
    session: Session, wishes: Wishes, annotator: str, progress: Progress, preview: Preview | None
) -> Report:
    report = preview.report if preview else Report()
    options = ReadOptions(annotator, wishes.encoding, columns=wishes.columns, remembered=wishes.remembered)
    bundle = open_bundle(wishes.paths, options, report, wishes.format, progress)
    return import_bundle(
        session, bundle, report, title=wishes.title, unknown=wishes.unknown, names=wishes.names, changed=wishes.changed,
        dry_run=preview is not None, progress=progress, watch=preview.see if preview else None,
    )  # fmt: skip


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
    found = {"date": "a date", "author": "an author", "outside": "page furniture"}
    made += [f"Found {found[what]} in {counted(count, 'text')}." for what, count in report.found.items()]
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

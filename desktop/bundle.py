"""Articles with their labels outside any project file: what formats read and write.

A reader yields one `Record` an article and tells a `Report` what it left out, changed or guessed; nothing is dropped
without a line there. `build` is the one place where spans and relations that came from outside are checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from desktop import text as texts
from desktop.errors import UserError
from desktop.model import Article, Fragment, Relation, Scheme, Span, State
from desktop.spans import check_fragments

if TYPE_CHECKING:
    from desktop import furniture

STATES: tuple[State, ...] = ("todo", "in_progress", "done")


@dataclass(frozen=True)
class Record:
    """One article with its spans, relations and status, and where it was read.

    `given_id` tells whether the file named the article; `status` is None where the file says nothing of it. `origin`
    names the file where it holds this article alone, so that it is known again when its text has changed. `found` are the
    details that were looked for and found in the text ("date", "author", "outside"), of a `scraped` one: see RawArticle.
    """

    article: Article
    text: str
    spans: tuple[Span, ...] = ()
    relations: tuple[Relation, ...] = ()
    status: Mapping[str, State] | None = None
    given_id: bool = True
    file: str = ""
    position: str = ""
    origin: str = ""
    found: tuple[str, ...] = ()
    scraped: bool = False


@dataclass(frozen=True)
class Bundle:
    """Records that can be iterated more than once, with the scheme and guidelines they came with, if any."""

    iterate: Callable[[], Iterator[Record]]
    scheme: Scheme | None = None
    guidelines: str = ""

    def __iter__(self) -> Iterator[Record]:
        return self.iterate()


@dataclass
class Report:
    """What an import did; the lists hold the objects that `--json` prints."""

    articles: int = 0
    spans: int = 0
    relations: int = 0
    duplicates: list[dict[str, str]] = field(default_factory=list)
    skipped: list[dict[str, str]] = field(default_factory=list)
    cleaned: list[dict[str, Any]] = field(default_factory=list)
    empty: list[dict[str, str]] = field(default_factory=list)
    guessed: list[dict[str, str]] = field(default_factory=list)
    formats: list[dict[str, Any]] = field(default_factory=list)
    mapped: list[dict[str, Any]] = field(default_factory=list)
    found: dict[str, int] = field(default_factory=dict)
    columns: list[dict[str, Any]] = field(default_factory=list)
    similar: list[dict[str, Any]] = field(default_factory=list)
    repeated: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.names: dict[str, str] = {}
        self._counted: dict[tuple[tuple[str, str], ...], dict[str, Any]] = {}

    def fresh(self) -> Report:
        """An empty report that knows files by the same names."""
        made = Report()
        made.names = self.names
        return made

    def call(self, folder: str, name: str) -> None:
        """From now on what lies in `folder` is shown as lying in `name`: an archive unpacked out of sight."""
        self.names[folder] = name

    def shown(self, file: str) -> str:
        """The name of a file as people know it."""
        for folder, name in self.names.items():
            if file.startswith(folder):
                return name + file[len(folder) :].replace("\\", "/")
        return file

    def skip(self, file: str, position: str, reason: str) -> None:
        file = self.shown(file)
        self.skipped.append({"file": file, "position": position, "reason": reason})

    def clean(self, file: str, what: str, count: int) -> None:
        """Add to a count; one row for each file and kind of change."""
        file = self.shown(file)
        for row in reversed(self.cleaned):
            if row["file"] != file:
                break  # files come one after the other; looking further back would be slow with 100,000 of them
            if row["what"] == what:
                row["count"] += count
                return
        self.cleaned.append({"file": file, "what": what, "count": count})

    def lacks_text(self, file: str, position: str) -> None:
        """Note an article that has no text, or only blanks: it comes in as it is."""
        self.empty.append({"file": self.shown(file), "position": position})

    def guess(self, file: str, value: str, what: str = "encoding", sample: str = "") -> None:
        """Note what was taken for granted without proof: the encoding, the tags of a column file.

        `sample` is a little of what the guess gives, for a person to judge by.
        """
        row = {"file": self.shown(file), what: value, **({"sample": sample} if sample else {})}
        if self.guessed[-1:] != [row]:  # the same of every record of a file is told once
            self.guessed.append(row)

    def recognise(self, format: str, file: str) -> None:
        """Count a file of a format; one row for each format, with its first file."""
        for row in self.formats:
            if row["format"] == format:
                row["files"] += 1
                return
        self.formats.append({"format": format, "files": 1, "first": self.shown(file)})

    def map(self, kind: str, name: str, to: str, count: int) -> None:
        """Count what was brought in under another name (`to`, "" for left out); one row for each name."""
        self._count(self.mapped, {"kind": kind, "from": name, "to": to}, count)

    def find(self, what: str) -> None:
        """Count an article in whose text its `date`, its `author` or page furniture (`outside`) was found."""
        self.found[what] = self.found.get(what, 0) + 1

    def repeat(self, site: str, line: str) -> None:
        """Count an article whose line stands outside because its site repeats it; one row for each line."""
        self._count(self.repeated, {"site": site, "line": line}, 1)

    def _count(self, rows: list[dict[str, Any]], names: dict[str, str], count: int) -> None:
        """Add to the row that has these names; there may be many thousands of them."""
        key = tuple(names.items())
        if key not in self._counted:
            rows.append({**names, "count": 0})
            self._counted[key] = rows[-1]
        self._counted[key]["count"] += count

    def duplicate(self, file: str, position: str, of: str) -> None:
        self.duplicates.append({"file": self.shown(file), "position": position, "of": of})

    def resembles(self, file: str, position: str, of: str, share: float) -> None:
        """Note an article that is nearly the same as another one; `share` is what they have in common, 0 to 1."""
        self.similar.append(
            {"file": self.shown(file), "position": position, "of": of, "share": round(share, 2)}
        )


@dataclass(frozen=True)
class RawSpan:
    """A span as a file gives it: offsets refer to the text as given, `position` says where in the file it stands."""

    label: str
    fragments: tuple[Fragment, ...]
    position: str
    id: str | None = None
    quote: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    annotator: str | None = None
    note: str = ""
    created: str = ""
    changed: str = ""


@dataclass(frozen=True)
class RawRelation:
    """A relation as a file gives it; `head` and `tail` are ids of spans in the same record."""

    type: str
    head: str
    tail: str
    position: str
    id: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    annotator: str | None = None
    note: str = ""


@dataclass(frozen=True)
class RawArticle:
    """An article as a file gives it, before its text is cleaned.

    `scraped`: nobody has prepared it, so page furniture, language, date and author are looked for in its text. Where it
    may not be empty, no text means that none was found.
    """

    text: str
    file: str
    position: str
    id: str | None = None
    title: str | None = None
    fallback_title: str = ""
    language: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    flag: bool = False
    group: str | None = None
    outside: tuple[Fragment, ...] = ()
    status: Mapping[str, State] | None = None
    spans: Sequence[RawSpan] = ()
    relations: Sequence[RawRelation] = ()
    scraped: bool = False
    may_be_empty: bool = True


def build(raw: RawArticle, annotator: str, report: Report) -> Record:
    """A clean, checked record: bad spans and relations are left out and reported, the rest moves with the text.

    Raises UserError when the article itself cannot be kept.
    """
    cleaned = texts.clean(raw.text)
    if not cleaned.text.strip():
        if not raw.may_be_empty:
            raise UserError(
                "the article has no text",
                "leave it out, or give it text",
                file=raw.file,
                position=raw.position,
            )
        report.lacks_text(raw.file, raw.position)
    for what, count in cleaned.counts.items():
        report.clean(raw.file, what, count)
    from desktop import furniture, languages  # noqa: PLC0415

    digest = texts.sha256(cleaned.text)
    found = furniture.find(cleaned.text) if raw.scraped or not raw.title else furniture.Furniture()
    meta, details = _meta(raw, found, report)
    article = Article(
        id=raw.id or digest[:16],
        title=raw.title or found.title or raw.fallback_title,
        text_sha256=digest,
        length=len(cleaned.text),
        language=raw.language or (languages.language(cleaned.text) if raw.scraped else None),
        meta=meta,
        note=raw.note,
        flag=raw.flag,
        group=raw.group,
        outside=found.outside if raw.scraped else _moved(raw.outside, cleaned),
    )
    spans, named = _spans(raw, cleaned, annotator, report)
    relations = _relations(raw, named, report)
    return Record(
        article, cleaned.text, spans, relations, raw.status, raw.id is not None, raw.file, raw.position,
        found=details, scraped=raw.scraped,
    )  # fmt: skip


def _meta(
    raw: RawArticle, found: furniture.Furniture, report: Report
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The metadata of the file and, of a scraped text, the day and the author that its furniture names; what was found."""
    told = {"author": found.author, "date": found.date} if raw.scraped else {}
    news = {name: value for name, value in told.items() if value and not raw.meta.get(name)}
    details = (*news, *(("outside",) if raw.scraped and found.outside else ()))
    for name in details:
        report.find(name)
    return {**raw.meta, **news}, details


def _moved(stretches: Sequence[Fragment], cleaned: texts.Cleaned) -> tuple[Fragment, ...]:
    moved = ((cleaned.position(start), cleaned.position(end)) for start, end in stretches)
    return tuple(fragment for fragment in moved if fragment[0] < fragment[1])


def _spans(
    raw: RawArticle, cleaned: texts.Cleaned, annotator: str, report: Report
) -> tuple[tuple[Span, ...], dict[str, Span]]:
    """The good spans, with ids for all, and the same by the id the file used (its first bearer, on a clash)."""
    good: list[tuple[RawSpan, tuple[Fragment, ...]]] = []
    for item in raw.spans:
        problem, fragments = _place(item, raw.text, cleaned)
        if problem:
            report.skip(raw.file, item.position, problem)
        else:
            good.append((item, fragments))
    ids = _ids(raw, good, report)
    named: dict[str, Span] = {}
    spans = []
    for (item, fragments), name in zip(good, ids, strict=True):
        start, end = fragments[0][0], fragments[-1][1]
        span = Span(
            id=name, start=start, end=end, label=item.label, text=cleaned.text[start:end], fragments=fragments,
            attributes=dict(item.attributes), annotator=item.annotator or annotator, note=item.note,
            created=item.created, changed=item.changed,
        )  # fmt: skip
        spans.append(span)
        named.setdefault(item.id or name, span)
    return tuple(spans), named


def _place(item: RawSpan, given: str, cleaned: texts.Cleaned) -> tuple[str | None, tuple[Fragment, ...]]:
    """What is wrong with a span in the text as given (None: nothing), and its fragments in the clean text."""
    problem = check_fragments(item.fragments, len(given))
    if problem:
        return f"span {problem}; correct its offsets", ()
    start, end = item.fragments[0][0], item.fragments[-1][1]
    if item.quote is not None and item.quote != given[start:end]:
        return misquoted(start, end, item.quote, given[start:end]), ()
    moved = tuple((cleaned.position(s), cleaned.position(e)) for s, e in item.fragments)
    # Cleaning may have emptied a fragment (only control characters) or closed the gap between two.
    joined: list[Fragment] = []
    for fragment in moved:
        if fragment[0] < fragment[1]:
            if joined and joined[-1][1] >= fragment[0]:
                joined[-1] = (joined[-1][0], fragment[1])
            else:
                joined.append(fragment)
    if not joined:
        return f"span {start}–{end} holds only characters that cleaning drops; remove it", ()
    return None, tuple(joined)


def misquoted(start: int, end: int, quote: str, found: str) -> str:
    """The line for a span that is said to read `quote` where the text reads `found`."""
    return (
        f"span {start}–{end} is said to read {_short(quote)}, but the text there reads {_short(found)};"
        " correct its offsets or its text"
    )


def _short(quote: str) -> str:
    return repr(quote if len(quote) <= 40 else quote[:39] + "…")


def _ids(raw: RawArticle, good: Sequence[tuple[RawSpan, tuple[Fragment, ...]]], report: Report) -> list[str]:
    order = sorted(
        range(len(good)), key=lambda i: (good[i][1][0][0], -good[i][1][-1][1], good[i][0].label, i)
    )
    return unique_ids([item.id for item, _ in good], order, "s", raw.file, report)


def unique_ids(
    given: Sequence[str | None], order: Iterable[int], letter: str, file: str, report: Report
) -> list[str]:
    """The given ids, with the next free one for each that is missing or taken; clashes are counted in the report."""
    names: list[str | None] = [None] * len(given)
    taken: set[str] = set()
    for index, name in enumerate(given):
        if name is not None and name not in taken:
            names[index] = name
            taken.add(name)
    fresh = free_ids(letter, taken | {name for name in given if name})
    for index in order:
        if names[index] is None:
            names[index] = next(fresh)
            if given[index] is not None:
                report.clean(file, "ids given twice", 1)
    return [name for name in names if name is not None]


def free_ids(letter: str, taken: Iterable[str]) -> Iterator[str]:
    """`s1`, `s2` …, leaving out those taken."""
    used = set(taken)
    number = 0
    while True:
        number += 1
        if f"{letter}{number}" not in used:
            yield f"{letter}{number}"


def _relations(raw: RawArticle, named: Mapping[str, Span], report: Report) -> tuple[Relation, ...]:
    good: list[tuple[RawRelation, Span, Span]] = []
    for item in raw.relations:
        head, tail = named.get(item.head), named.get(item.tail)
        if not head or not tail:
            missing = item.head if not head else item.tail
            report.skip(raw.file, item.position, f"relation {item.type!r} points to span {missing!r}, which is not there; "
                                                 "add that span or remove the relation")  # fmt: skip
        elif head.annotator != tail.annotator or (item.annotator or head.annotator) != head.annotator:
            report.skip(raw.file, item.position, f"relation {item.type!r} ties spans of different annotators; "
                                                 "keep both ends in one layer")  # fmt: skip
        else:
            good.append((item, head, tail))
    ids = unique_ids([item.id for item, _, _ in good], range(len(good)), "r", raw.file, report)
    return tuple(
        Relation(id=name, type=item.type, head=head.id, tail=tail.id, attributes=dict(item.attributes),
                 annotator=head.annotator, note=item.note)
        for (item, head, tail), name in zip(good, ids, strict=True)
    )  # fmt: skip

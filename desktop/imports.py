"""Records into a project: new articles, labels for articles that are there already, and what becomes of the rest.

An article with the same id and text is there: its spans come in unless the same annotator has an equal one. The same
id with another text is skipped as changed. The same text under another id is kept beside it and reported.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from desktop import likeness
from desktop.bundle import Bundle, Record, Report, free_ids
from desktop.formats import scheme as schemes
from desktop.mapping import Kind, NameMap
from desktop.model import Article, Attribute, Fragment, Label, Relation, RelationType, Scheme, Span, Status
from desktop.session import Session, now
from desktop.store import kin, queries

Unknown = Literal["skip", "add"]
Changed = Literal["skip", "add"]
Fate = Literal["new", "there", "changed"]
"""What becomes of a record: a new article, labels for one that is there, or nothing, its text being another one now."""


class _DryRun(Exception):  # noqa: N818
    """Raised at the end of a trial, so that nothing of it stays."""


def import_bundle(
    session: Session,
    bundle: Bundle,
    report: Report,
    *,
    title: str = "Import",
    unknown: Unknown = "skip",
    names: NameMap = NameMap(),  # noqa: B008  # frozen and empty
    changed: Changed = "skip",
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda done: None,
    watch: Callable[[Record, Fate], None] | None = None,
) -> Report:
    """Bring all records in as one undoable step and say in `report` what happened to each.

    `unknown` tells what becomes of labels, attributes and relation types that the scheme does not have; an empty
    project takes those that the bundle's own scheme declares. `names` comes before: what is mapped to a name is taken
    over under it, and the scheme gets the name if it lacks it. `changed` tells what becomes of a file that held another text
    when it was imported before: it is reported and left, or comes in as a new article. `progress` hears the number of
    articles done and may raise Cancelled: then, as after any other exception, the project is as before. `watch` hears of
    each record as the file has it, and what becomes of it.
    """
    try:
        with session.step(title):
            work = _Import(
                session,
                report,
                _Declared(queries.scheme(session.store), bundle.scheme, unknown, names),
                changed,
            )
            work.declared.adopts = not queries.info(session.store)["articles"]
            for done, record in enumerate(bundle, 1):
                fate = work.bring_in(names.apply(record, report))
                if watch:
                    watch(record, fate)
                progress(done)
            work.finish()
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return report


@dataclass
class _Declared:
    """The scheme while it may grow, and what was left out because it is not in it: (file, place, what) with counts."""

    scheme: Scheme
    source: Scheme | None
    unknown: Unknown
    names: NameMap
    adopts: bool = False
    grown: bool = False
    left_out: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    places: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def miss(self, record: Record, what: str, unit: str) -> None:
        self.left_out[record.file, what, unit] += 1
        self.places.setdefault((record.file, what, unit), record.position)

    def label(self, name: str) -> Label | None:
        found = self.scheme.label(name)
        theirs = self.source.label(name) if self.source else None
        if found is None and self._may("label", name, "", theirs) and schemes.good_name(name):
            found = schemes.new_label(name, self.scheme)
            if theirs:
                taken = {label.key.lower() for label in self.scheme.labels}
                found = (
                    theirs
                    if theirs.key.lower() not in taken
                    else theirs.model_copy(update={"key": found.key})
                )
            self._grow(labels=(*self.scheme.labels, found))
        return found

    def attribute(self, label: Label, name: str) -> Label | None:
        """The label with that attribute, None if it may not have it."""
        if any(attribute.name == name for attribute in label.attributes):
            return label
        theirs = self.source.label(label.name) if self.source else None
        made = next((a for a in theirs.attributes if a.name == name), None) if theirs else None
        if not self._may("attribute", name, label.name, made):
            return None
        wider = label.model_copy(update={"attributes": (*label.attributes, made or Attribute(name=name))})
        self._grow(labels=tuple(wider if old.name == label.name else old for old in self.scheme.labels))
        return wider

    def relation(self, name: str) -> bool:
        theirs = self.source.relation(name) if self.source else None
        if not self.scheme.relation(name):
            if not self._may("relation", name, "", theirs):
                return False
            self._grow(relations=(*self.scheme.relations, theirs or RelationType(name=name)))
        return True

    def _may(self, kind: Kind, name: str, label: str, theirs: object) -> bool:
        """Whether the scheme may grow by a name: all unknown may, the bundle declares it, or a person mapped to it."""
        return (
            self.unknown == "add"
            or (self.adopts and theirs is not None)
            or self.names.wanted(kind, name, label)
        )

    def _grow(self, **update: object) -> None:
        self.scheme = self.scheme.model_copy(update=update)
        self.grown = True


@dataclass
class _Import:
    session: Session
    report: Report
    declared: _Declared
    changed: Changed
    _time: str = field(default_factory=now)

    def bring_in(self, record: Record) -> Fate:
        there = self._same_article(record)
        if there is None:
            return self._add_new(record)
        if there.text_sha256 != record.article.text_sha256:
            self.report.skip(record.file, record.position,
                             f"changed: the project has another text under the id {there.id!r}; "
                             "give the new text another id to keep both")  # fmt: skip
            return "changed"
        self._join(record, there)
        return "there"

    def _add_new(self, record: Record) -> Fate:
        """An article that is not there; unless its file brought another one, which a person has to decide about."""
        before = kin.article_from(self.session.store, record.origin) if record.origin else None
        if before and self.changed == "skip":
            self.report.skip(record.file, record.position,
                             f"changed: this file held another text when article {before.id!r} came from it; that article is "
                             "left as it is; to have both, bring changed files in as new (--changed add)")  # fmt: skip
            return "changed"
        self._add(record)
        return "new"

    def _same_article(self, record: Record) -> Article | None:
        """The article of the project that a record is about, whatever its text is now."""
        store = self.session.store
        there = queries.article_named(store, record.article.id)
        if there and (record.given_id or there.text_sha256 == record.article.text_sha256):
            return there
        # No id was given: the text tells.
        return None if record.given_id else queries.article_with_text(store, record.article.text_sha256)

    def _add(self, record: Record) -> None:
        # Without an id of its own the record was looked for by its text, and is not there.
        digest = record.article.text_sha256
        twin = queries.article_with_text(self.session.store, digest) if record.given_id else None
        if twin:
            self.report.duplicate(record.file, record.position, twin.id)
        found = likeness.shingles(record.text, record.article.outside)
        sketch = likeness.sketch(found)
        if not twin:
            self._report_like(record, found, sketch)
        name = record.article.id
        if queries.article_named(self.session.store, name):
            name = next(
                n
                for n in (f"{name}-{i}" for i in range(2, 10**9))
                if not queries.article_named(self.session.store, n)
            )
        article = self.session.add_article(
            record.article.model_copy(update={"id": name}), record.text, record.origin, sketch
        )
        self.report.articles += 1
        spans = [span for span in (self._allowed(record, span) for span in record.spans) if span]
        self._put_spans(article.key, [(span, span.id) for span in spans])
        self._relations(record, article.key, {span.id: span.id for span in spans}, [])
        self._status(record, article.key, spans)

    def _report_like(self, record: Record, found: likeness.Shingles, sketch: list[int]) -> None:
        """Tell the article that this one is nearly the same as, if there is one."""
        shares = [
            (
                likeness.resemblance(
                    found, likeness.shingles(queries.text(self.session.store, other.key), other.outside)
                ),
                other.id,
            )
            for other in kin.articles_like(self.session.store, sketch)
        ]
        share, of = max(shares, default=(0.0, ""))
        if share >= likeness.NEARLY:
            self.report.resembles(record.file, record.position, of, share)

    def _join(self, record: Record, there: Article) -> None:
        """Labels for an article that is there."""
        self.report.duplicate(record.file, record.position, there.id)
        self._compare_metadata(record, there)
        all_old = queries.spans(self.session.store, there.key)
        old = {_place(span): span for span in reversed(all_old)}
        used = {span.id for span in all_old}
        fresh = free_ids("s", used | {span.id for span in record.spans})
        names: dict[str, str] = {}
        added: list[tuple[Span, str]] = []
        for span in (s for s in (self._allowed(record, s) for s in record.spans) if s):
            twin = old.get(_place(span))
            if twin:
                names[span.id] = twin.id
                self._compare(record, f"span {span.start}–{span.end} ({span.label})", span, twin)
                continue
            names[span.id] = span.id if span.id not in used else next(fresh)
            if names[span.id] != span.id:
                self.report.clean(record.file, "ids taken by other labels", 1)
            used.add(names[span.id])
            added.append((span, names[span.id]))
        self._put_spans(there.key, added)
        self._relations(record, there.key, names, queries.relations(self.session.store, there.key))
        self._status(record, there.key, [span for span, _ in added])

    def _compare_metadata(self, record: Record, there: Article) -> None:
        given = record.article
        if record.origin:
            return  # what was found in a text says nothing new, and a person may have corrected it
        names = ("note", "flag", "group", "outside", "meta", "language")
        lost = [n for n in names if getattr(given, n) and getattr(given, n) != getattr(there, n)]
        if lost:
            self.report.skip(record.file, record.position,
                             f"article {there.id!r} is there already with other {', '.join(lost)}; change it in the window")  # fmt: skip

    def _compare(self, record: Record, what: str, row: Span | Relation, twin: Span | Relation) -> None:
        if (row.attributes and row.attributes != twin.attributes) or (row.note and row.note != twin.note):
            self.report.skip(record.file, record.position,
                             f"{what} of {row.annotator!r} is there already with other attributes or another note; "
                             "change it in the window")  # fmt: skip

    def _allowed(self, record: Record, span: Span) -> Span | None:
        """The span with the attributes that the scheme has; None if it does not have the label."""
        label = self.declared.label(span.label)
        if label is None:
            problem = "is not in the scheme" if schemes.good_name(span.label) else "is no name for a label"
            self.declared.miss(record, f"label {span.label!r} {problem}", "spans")
            return None
        kept = {}
        for name, value in span.attributes.items():
            wider = self.declared.attribute(label, name)
            if wider:
                label, kept[name] = wider, value
            else:
                self.declared.miss(
                    record, f"attribute {name!r} of {label.name} is not in the scheme", "values"
                )
        return span if len(kept) == len(span.attributes) else span.model_copy(update={"attributes": kept})

    def _put_spans(self, article: int, spans: Sequence[tuple[Span, str]]) -> None:
        """Store spans under these ids."""
        self.report.spans += len(spans)
        own = {"key": 0, "article": article}
        self.session.put_new(
            "span", [{**span.__dict__, **own, "id": name, **self._times(span)} for span, name in spans]
        )

    def _times(self, span: Span) -> dict[str, str]:
        return {"created": span.created or self._time, "changed": span.changed or span.created or self._time}

    def _relations(
        self,
        record: Record,
        article: int,
        names: dict[str, str],
        there: Sequence[Relation],
    ) -> None:
        used = {relation.id for relation in there}
        equal = {(r.type, r.head, r.tail): r for r in there}
        fresh = free_ids("r", used | {relation.id for relation in record.relations})
        for relation in record.relations:
            head, tail = names.get(relation.head), names.get(relation.tail)
            if not self.declared.relation(relation.type):
                self.declared.miss(record, f"relation {relation.type!r} is not in the scheme", "relations")
            elif not head or not tail:
                self.declared.miss(
                    record, f"relation {relation.type!r} lost an end that was left out", "relations"
                )
            elif twin := equal.get((relation.type, head, tail)):
                self._compare(record, f"relation {twin.type} ({head} → {tail})", relation, twin)
            else:
                name = relation.id if relation.id not in used else next(fresh)
                used.add(name)
                self._put_relation(relation, article, name, head, tail)

    def _put_relation(self, relation: Relation, article: int, name: str, head: str, tail: str) -> None:
        self.session.put(
            relation.model_copy(update={"key": 0, "article": article, "id": name, "head": head, "tail": tail})
        )
        self.report.relations += 1

    def _status(self, record: Record, article: int, spans: Iterable[Span]) -> None:
        """States as the file gives them; where it gives none, whoever has spans is in progress."""
        states = (
            dict(record.status)
            if record.status is not None
            else dict.fromkeys((s.annotator for s in spans), "in_progress")
        )
        for annotator, state in sorted(states.items()):
            rows = self.session.store.rows("status", "article = ? AND annotator = ?", (article, annotator))
            there = next(rows, None)
            if there and record.status is not None and there.state != state:
                self.report.skip(record.file, record.position,
                                 f"status {state!r} of {annotator!r} was left out: it is {there.state!r} here; change it in the window")  # fmt: skip
            elif not there:
                self.session.put(
                    Status.model_validate({"article": article, "annotator": annotator, "state": state})
                )

    def finish(self) -> None:
        """Store the scheme if it grew; list what it kept out."""
        if self.declared.grown:
            found = queries.property_of(self.session.store, "scheme")
            assert found
            self.session.put(found.model_copy(update={"value": schemes.dumps(self.declared.scheme)}))
        remedy = "add what is unknown to the scheme (--unknown add)"
        for (file, what, unit), count in self.declared.left_out.items():
            place = self.declared.places[file, what, unit]
            counted = f"{count} {unit if count != 1 else unit[:-1]}"
            self.report.skip(file, place, f"{what}: {counted} left out; {remedy}")


def _place(span: Span) -> tuple[str, str, tuple[Fragment, ...]]:
    return span.annotator, span.label, span.fragments

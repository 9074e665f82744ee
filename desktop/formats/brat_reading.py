"""brat standoff in (https://brat.nlplab.org/standoff.html): a text and the lines of its `.ann`, or `.a1` and `.a2`.

An event becomes its trigger's span, its arguments relations from there, named after their roles; `*` lines become
relations from each span to the next; N lines and A lines become attributes, # lines notes. `annotation.conf` is not needed.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile
from pathlib import Path
from typing import Any

import regex

from desktop import text as texts
from desktop.bundle import RawArticle, RawRelation, RawSpan, Record, Report, build, misquoted
from desktop.errors import UserError
from desktop.formats import counting, own
from desktop.formats.base import Files, ReadOptions
from desktop.formats.brat import ATTRIBUTE_NOTE
from desktop.formats.texts import text_of
from desktop.formats.traits import BRAT_ENDINGS
from desktop.model import Fragment

SETTINGS = {"annotation.conf", "visual.conf", "tools.conf", "kb_shortcuts.conf", own.NAMES}
_TARGET = regex.compile(r"[A-Z*#][^\s:]*")
_ESCAPE = regex.compile(r"\\(?:([\\ntr])|u([0-9a-f]{4}))")
_ESCAPED = {"\\": "\\", "n": "\n", "t": "\t", "r": "\r"}


def gather(paths: Sequence[Path]) -> Iterator[Files]:
    """Each file of lines with its text, in whatever folder of the import that is; the nearest of several.

    Where several files of lines have one text, each has the others beside it, so that it can be told whose it is.
    """
    named: defaultdict[str, list[Path]] = defaultdict(list)
    for path in paths:
        if path.suffix.lower() == ".txt":
            named[path.stem].append(path)
    together: defaultdict[tuple[Path, str], list[Path]] = defaultdict(list)
    for path in sorted(paths):
        if path.suffix.lower() in BRAT_ENDINGS:
            # The lines of a.txt may be called a.txt.ann, but those of a.txt.txt are.
            stem = path.stem if path.stem in named else path.stem.removesuffix(".txt")
            together[path.parent, stem].append(path)
    made: defaultdict[Path | None, list[list[Path]]] = defaultdict(list)
    for (folder, stem), lines in together.items():
        made[_nearest(folder, named.get(stem, []))].append(lines)
    settings = [path for path in paths if path.name in SETTINGS]
    for text, groups in made.items():
        for lines in groups:
            others = [other[0] for other in groups if other is not lines and text]
            yield (*lines, *([text] if text else []), *others, *settings)


def _nearest(folder: Path, found: Sequence[Path]) -> Path | None:
    """The file that shares most of its path with `folder`; None where two are as near."""
    shared = [(_shared(folder, path.parent), path) for path in found]
    best = max((count for count, _ in shared), default=0)
    nearest = [path for count, path in shared if count == best]
    return nearest[0] if len(nearest) == 1 else None


def _shared(one: Path, other: Path) -> int:
    """How many folders two paths have in common from the top."""
    pairs = zip(one.parts, other.parts, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


@dataclass(frozen=True)
class _Line:
    """One line: its id, the words after it, what follows the second tab, and where it stands."""

    id: str
    words: list[str]
    rest: str
    place: str


@dataclass
class _Standoff:
    """The lines of one article by kind. `at` leads from the id of an event to that of its trigger."""

    file: str
    report: Report
    spans: dict[str, tuple[_Line, tuple[Fragment, ...]]] = field(default_factory=dict)
    at: dict[str, str] = field(default_factory=dict)
    attributes: defaultdict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    notes: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    relations: list[RawRelation] = field(default_factory=list)
    events: list[_Line] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def skip(self, line: _Line, reason: str) -> None:
        self.report.skip(self.file, line.place, reason)


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """The article whose labels stand in `path`. Raises UserError where its text is missing or cannot be read."""
    text_path = next((other for other in options.beside if other.suffix.lower() == ".txt"), None)
    if text_path is None:
        raise UserError(f"there is no text for it: no one file is called {path.stem}.txt",
                        "import the folder that holds both", file=str(path))  # fmt: skip
    others = [other for other in options.beside if other.suffix.lower() in BRAT_ENDINGS]
    parts = [path, *(other for other in others if other.parent == path.parent)]
    annotator = options.annotator
    if len(parts) <= len(others):
        annotator = texts.storable(path.parent.name)
        report.guess(str(path), annotator, "annotator")
    text = text_of(text_path, options, report)
    found = _Standoff(str(path), report)
    for part in parts:
        mark = f"{texts.storable(part.name)}, " if len(parts) > 1 else ""
        _parse(text_of(part, options, report), mark, found)
    names = own.read_names(
        _nearest(path.parent, [other for other in options.beside if other.name == own.NAMES])
    )
    spans, relations = _spans(found, text), _relations(found)
    if names:
        spans = [names.span(span) for span in spans]
        relations = [replace(r, type=names.relations.get(r.type, r.type)) for r in relations]
    raw = RawArticle(text, str(path), "", fallback_title=texts.storable(text_path.stem),
                     spans=spans, relations=relations)  # fmt: skip
    for what, count in found.counts.items():
        report.clean(str(path), what, count)
    try:
        yield build(raw, annotator, report)
    except UserError as error:
        raise UserError(error.message, error.hint, file=str(text_path), position=error.position) from None


def _parse(lines: str, mark: str, found: _Standoff) -> None:
    for number, line in enumerate(lines.removeprefix("\ufeff").split("\n"), 1):
        if not line.strip():
            continue
        name, _, after = line.removesuffix("\r").partition("\t")
        data, _, rest = after.partition("\t")
        parsed = _Line(name, data.split(" "), rest, f"{mark}line {number}")
        kind = _KINDS.get(name[:1])
        problem = kind(parsed, found) if kind and after else "is not in brat's form"
        if problem:
            found.skip(parsed, f"the line {problem}; correct it")


def _textbound(line: _Line, found: _Standoff) -> str | None:
    label, places = line.words[0], " ".join(line.words[1:])
    try:
        pairs = [tuple(map(int, place.split())) for place in places.split(";")]
        fragments = [(start, end) for start, end in pairs]
    except ValueError:
        return f"has no offsets but {places!r}"
    if line.id in found.spans:
        return f"has the id {line.id} a second time"
    found.spans[line.id] = line, _joined(fragments, found)
    return None if label else "has no type"


def _joined(fragments: list[Fragment], found: _Standoff) -> tuple[Fragment, ...]:
    """The fragments in order, those that touch or overlap made one."""
    made: list[Fragment] = []
    for start, end in sorted(fragments):
        if made and start <= made[-1][1] and start < end:
            made[-1] = made[-1][0], max(end, made[-1][1])
        else:
            made.append((start, end))
    if tuple(made) != tuple(fragments):
        found.counts["fragments put in order and joined where they touch"] += 1
    return tuple(made)


def _event(line: _Line, found: _Standoff) -> str | None:
    kind, sign, trigger = line.words[0].partition(":")
    if not sign or not trigger:
        return "names no trigger"
    found.at[line.id] = trigger
    found.events.append(_Line(line.id, [kind, *line.words[1:]], line.rest, line.place))
    return None


def _relation(line: _Line, found: _Standoff) -> str | None:
    ends = [word.partition(":")[2] for word in line.words[1:] if ":" in word]
    if len(ends) != 2 or not all(ends):
        return "does not name two ends"
    found.relations.append(RawRelation(line.words[0], ends[0], ends[1], line.place, line.id))
    return None


def _equivalence(line: _Line, found: _Standoff) -> str | None:
    ends = [word for word in line.words[1:] if word]
    if len(ends) < 2:
        return "does not name two ends"
    found.counts["equivalences of several spans made relations from each to the next"] += 1
    for head, tail in pairwise(ends):
        found.relations.append(RawRelation(line.words[0], head, tail, line.place))
    return None


def _attribute(line: _Line, found: _Standoff) -> str | None:
    if len(line.words) < 2 or not line.words[1]:
        return "names no target"
    name, target, value = line.words[0], line.words[1], " ".join(line.words[2:])
    return _keep(target, name, value or "true", line, found)


def _normalisation(line: _Line, found: _Standoff) -> str | None:
    if len(line.words) != 3:
        return "does not name a target and an entry"
    problem = _keep(line.words[1], line.words[0], line.words[2], line, found)
    if not problem and line.rest:
        problem = _keep(line.words[1], f"{line.words[0]}_text", line.rest, line, found)
    return problem


def _keep(target: str, name: str, value: Any, line: _Line, found: _Standoff) -> str | None:
    there = found.attributes[target]
    if there.setdefault(name, value) != value:
        return f"gives {name!r} of {target} a second value, {value!r} beside {there[name]!r}"
    return None


def _note(line: _Line, found: _Standoff) -> str | None:
    if len(line.words) < 2 or not _TARGET.fullmatch(line.words[1]):
        return "names no target"
    if line.words[0] == ATTRIBUTE_NOTE:
        return _own_attribute(line, found)
    found.notes[line.words[1]].append(_ESCAPE.sub(_unescaped, line.rest))
    return None


def _own_attribute(line: _Line, found: _Standoff) -> str | None:
    """What Tagline writes for attributes that brat has no field for: a JSON object of one name."""
    try:
        given = json.loads(line.rest)
        problems = [_keep(line.words[1], name, value, line, found) for name, value in given.items()]
    except (ValueError, AttributeError, RecursionError):
        return "holds no JSON object"
    return next((problem for problem in problems if problem), None)


def _unescaped(match: regex.Match[str]) -> str:
    return _ESCAPED[match[1]] if match[1] else chr(int(match[2], 16))


_KINDS: dict[str, Callable[[_Line, _Standoff], str | None]] = {
    "T": _textbound, "E": _event, "R": _relation, "*": _equivalence, "A": _attribute, "M": _attribute,
    "N": _normalisation, "#": _note,
}  # fmt: skip


def _spans(found: _Standoff, text: str) -> list[RawSpan]:
    unit, move = counting.counting(text, [(f, line.rest) for line, f in found.spans.values() if line.rest])
    if unit != counting.CODE_POINTS:
        found.report.guess(found.file, unit, "offsets")
    notes = _belonging(found)
    made = []
    for name, (line, given) in found.spans.items():
        fragments = tuple(map(move, given))
        inside = all(0 <= start <= end <= len(text) for start, end in fragments)
        reads = counting.reads(text, fragments) if inside else line.rest
        if line.rest and not counting.alike(line.rest, reads):
            found.skip(line, misquoted(given[0][0], given[-1][1], line.rest, reads))
            continue
        if line.rest and reads != line.rest:
            found.counts["quotes that differ from the text in blanks only"] += 1
        attributes = {
            key: value for one in notes[name] for key, value in found.attributes.pop(one, {}).items()
        }
        note = "\n".join(one for target in notes[name] for one in found.notes.pop(target, []))
        made.append(RawSpan(line.words[0], fragments, line.place, name, attributes=attributes, note=note))
    return made


def _belonging(found: _Standoff) -> defaultdict[str, list[str]]:
    """For each span the ids whose attributes and notes are its own: its own id and those of its events."""
    made: defaultdict[str, list[str]] = defaultdict(list)
    for name in found.spans:
        made[name].append(name)
    for event in found.at:
        made[_trigger(event, found)].append(event)
    return made


def _trigger(name: str, found: _Standoff) -> str:
    """The span a name stands for: an event's trigger, else itself."""
    return found.at.get(name, name)


def _relations(found: _Standoff) -> list[RawRelation]:
    made = []
    for item in [*found.relations, *_arguments(found)]:
        name = item.id or ""
        made.append(RawRelation(
            item.type, _trigger(item.head, found), _trigger(item.tail, found), item.position, item.id,
            found.attributes.pop(name, {}), note="\n".join(found.notes.pop(name, [])),
        ))  # fmt: skip
    _tell_left(found)
    return made


def _arguments(found: _Standoff) -> Iterator[RawRelation]:
    shared: Counter[str] = Counter(found.at.values())
    joined = sum(count - 1 for count in shared.values() if count > 1)
    if joined:
        found.counts["events joined with another of the same trigger"] += joined
    for event in found.events:
        label = found.spans.get(found.at[event.id])
        if label and label[0].words[0] != event.words[0]:
            found.skip(
                event,
                f"event {event.words[0]!r} has a trigger labelled {label[0].words[0]!r}, which is kept; relabel it",
            )
        for word in filter(None, event.words[1:]):
            role, sign, target = word.partition(":")
            if not sign or not target or not role:
                found.skip(event, f"argument {word!r} is not in brat's form; correct it")
                continue
            # Roles that a type has more than once are numbered: Theme, Theme2.
            plain = role.rstrip("0123456789") or role
            if plain != role:
                found.counts["numbered event roles (Theme2) taken without their numbers"] += 1
            yield RawRelation(plain, event.id, target, event.place)


def _tell_left(found: _Standoff) -> None:
    """Attributes and notes of what is not there, or cannot have any."""
    lost: Iterable[tuple[str, int]] = [
        *((name, len(values)) for name, values in found.attributes.items()),
        *((name, len(notes)) for name, notes in found.notes.items()),
    ]
    for name, count in lost:
        if count:
            found.report.skip(
                found.file,
                name,
                f"{count} attributes or notes of {name} have no span or relation to stand at; add it or remove them",
            )

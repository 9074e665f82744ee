"""CoNLL columns in: a token a line with its tags, a blank line after each sentence.

Two, four or more columns; IOB1, IOB2, BIOES and its kin; `-DOCSTART-` or a `# newdoc` comment begins an article. Which
columns are tags, and of which kind, is found out from the file and reported as a guess. The text is rebuilt from the tokens,
with one blank between two and one line a sentence, unless Tagline's own list of articles lies beside the file.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

import regex

from desktop.bundle import RawArticle, RawSpan, Record, Report, build
from desktop.errors import UserError
from desktop.formats import iob, jsonl, own
from desktop.formats.base import Files, ReadOptions
from desktop.formats.conll import COLUMNS, DOCUMENT, Row, documents, placed_tokens
from desktop.formats.texts import lines_of
from desktop.formats.traits import CONLL_ENDINGS
from desktop.text import storable

# Without marks of articles a file is cut after so many sentences.
MOST_SENTENCES = 500
REBUILT = "texts rebuilt from tokens: one blank between two tokens, one line a sentence"
NO_SPAN = "O only"
_LOOK = 100_000
_TAG = regex.compile(r"O|[BIELSUM](?:-.+)?")
_NEW = regex.compile(r"#\s*newdoc(?:\s+id\s*=\s*(.*))?", regex.IGNORECASE)
# The chunk types of CoNLL-2000, whose column of four is none that labels stand in.
_CHUNKS = {"NP", "VP", "PP", "ADJP", "ADVP", "SBAR", "PRT", "CONJP", "INTJ", "LST", "UCP", ""}
_FEW = 3
# The share of lines that must be as one expects; the others are reported one by one.
_MOST = 0.9


@dataclass(frozen=True)
class _Layout:
    """How many columns there are, what parts them (None: blanks), which has the token and which have tags."""

    width: int
    tab: bool
    token: int
    tags: tuple[int, ...]
    kind: str

    def columns(self, line: str) -> list[str]:
        return _parted(line, tab=self.tab)


@dataclass
class _Article:
    """One article as its lines come in."""

    position: str
    id: str | None = None
    sentences: list[list[Row]] = field(default_factory=lambda: [[]])


def sniff(path: Path, head: bytes) -> bool:
    """Whether a text file is nothing but rows of columns with tags in one of them."""
    if path.suffix.lower() in CONLL_ENDINGS:
        return True
    if b"\0" in head or path.suffix.lower() in (".csv", ".jsonl", ".json"):
        return False
    lines = head.decode("utf-8", "replace").split("\n")[:-1] or [head.decode("utf-8", "replace")]
    layout = _layout(lines)
    return layout is not None and layout.kind != NO_SPAN and sum(map(bool, map(str.strip, lines))) >= _FEW


def gather(paths: Sequence[Path]) -> Iterator[Files]:
    """Tagline's own files: a list of articles, the columns of its split in the same folder, and the names."""
    folders: defaultdict[Path, list[Path]] = defaultdict(list)
    for path in paths:
        folders[path.parent].append(path)
    for path in paths:
        if path.name.endswith(own.ARTICLES):
            split = path.name.removesuffix(own.ARTICLES)
            beside = [
                other for other in folders[path.parent]
                if other.name == own.NAMES or (other.name.startswith(f"{split}.") and other.suffix == ".conll")
            ]  # fmt: skip
            if any(other.suffix == ".conll" for other in beside):
                yield (path, *sorted(beside))


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """The articles of a file of columns, or of Tagline's own folder. Raises UserError for a file that has no tags."""
    if path.name.endswith(own.ARTICLES):
        yield from _own(path, options, report)
        return
    looked = Report()
    layout = _layout(islice(lines_of(path, options, looked), _LOOK))
    if layout is None:
        report.skipped += looked.skipped  # lines too long to be looked at
        raise UserError(
            "no column holds tags like B-actor", "write a token and its tag a line", file=str(path)
        )
    report.guess(str(path), layout.kind, "tags")
    report.guess(str(path), _shown(layout), "columns")
    made = 0
    for article in _articles(path, layout, lines_of(path, options, report), report):
        raw = _rebuilt(article, layout, path)
        if raw.text.strip():
            made += 1
            yield build(raw, options.annotator, report)
    if made:
        report.clean(str(path), REBUILT, made)


def _shown(layout: _Layout) -> str:
    tags = ", ".join(str(column + 1) for column in layout.tags)
    return f"token {layout.token + 1}, tags {tags} of {layout.width}"


def _layout(lines: Iterable[str]) -> _Layout | None:
    """What the lines look like; None where no column has tags."""
    sample = [line.rstrip("\r\n") for line in lines]
    header = next((line for line in sample[:1] if line.removeprefix("\ufeff").startswith(COLUMNS)), "")
    rows = [line for line in sample if line.strip() and not _begins(line) and header != line]
    tab = any("\t" in line for line in rows)
    parted = [columns for line in rows if not _comments(columns := _parted(line, tab=tab))]
    widths = Counter(len(columns) for columns in parted if len(columns) > 1)
    if not widths:
        return None
    width = max(widths, key=lambda count: (widths[count], count))
    whole = [columns for columns in parted if len(columns) == width]
    if len(whole) < len([c for c in parted if not c[0].startswith("#")]) * _MOST:
        return None
    kinds = [Counter(columns[number] for columns in whole) for number in range(width)]
    tags = _tag_columns(kinds)
    if not tags:
        return None
    numbered = width > 2 and all(tag.isdigit() for tag in islice(kinds[0], 50)) and 0 not in tags
    return _Layout(width, tab, 1 if numbered and 1 not in tags else 0, tags, _kind(whole, tags))


def _parted(line: str, *, tab: bool) -> list[str]:
    # Not str.split(): a token may hold a no-break space.
    return line.split("\t") if tab else [column for column in line.split(" ") if column] or [""]


def _comments(columns: Sequence[str]) -> bool:
    """Whether a line is a comment and no token that is the sign # itself."""
    return columns[0] == "#" and not _TAG.fullmatch(columns[-1])


def _begins(line: str) -> bool:
    """Whether a line begins an article."""
    return line.startswith(DOCUMENT) or _NEW.match(line) is not None


def _tag_columns(kinds: Sequence[Counter[str]]) -> tuple[int, ...]:
    """The columns that nearly all hold tags; those of chunks only where there are no others."""
    tags = [Counter({tag: count for tag, count in kind.items() if _TAG.fullmatch(tag)}) for kind in kinds]
    found = [
        number for number, kind in enumerate(tags)
        if number and kind.total() >= kinds[number].total() * _MOST
        and (any("-" in tag for tag in kind) or set(kind) <= set("BIO"))
    ]  # fmt: skip
    if len(found) > 1:
        chunks = [
            n for n in found if {tag.partition("-")[2] for tag in tags[n]} <= _CHUNKS and len(tags[n]) > 1
        ]
        found = [number for number in found if number not in chunks] or found
    return tuple(found)


def _kind(rows: Sequence[Sequence[str]], tags: Sequence[int]) -> str:
    """The name of the tagging: IOB1 where B- stands only between two spans of a label, IOB2 where each span begins with it."""
    prefixes: set[str] = set()
    starts = Counter[str]()
    for number in tags:
        before = "O"
        for columns in rows:
            tag = columns[number]
            prefixes.add(tag[0])
            follows = before != "O" and before[2:] == tag[2:]
            if tag[0] in "BI" and not (tag[0] == "I" and follows):
                starts["B after its own" if follows else tag[0]] += 1
            before = tag
    for name, marks in (("BMES", "M"), ("BILOU", "LU"), ("BIOES", "ES")):
        if prefixes & set(marks):
            return name
    if prefixes <= {"O"}:
        return NO_SPAN
    return "IOB1" if starts["I"] > starts["B"] else "IOB2"


def _articles(path: Path, layout: _Layout, lines: Iterable[str], report: Report) -> Iterator[_Article]:
    """Article by article the rows; lines that are none are reported."""
    article = _Article("line 1")
    marked = False
    comments = cuts = 0
    for number, given in enumerate(lines, 1):
        line = given.rstrip("\r\n")
        if number == 1:
            line = line.removeprefix("\ufeff")
        columns = layout.columns(line)
        new = _NEW.match(line)
        if new or line.startswith(DOCUMENT):
            yield article
            article, marked = (
                _Article(f"line {number}", (new[1] or "").strip() or None if new else None),
                True,
            )
        elif not line.strip():
            if not marked and len(article.sentences) >= MOST_SENTENCES:
                yield article
                article, cuts = _Article(f"line {number + 1}"), cuts + 1
            article.sentences.append([])
        elif (
            len(columns) == layout.width
            and columns[layout.token]
            and all(map(_TAG.fullmatch, _picked(columns, layout)))
        ):
            article.sentences[-1].append((number, columns))
        elif line.startswith("#"):
            comments += 1
        else:
            report.skip(
                str(path),
                f"line {number}",
                f"the line is no token with its tags in {layout.width} columns; correct it",
            )
    yield article
    for what, count in (
        ("comment lines passed over", comments),
        (f"cuts, one after {MOST_SENTENCES} sentences", cuts),
    ):
        if count:
            report.clean(str(path), what, count)


def _picked(columns: Sequence[str], layout: _Layout) -> list[str]:
    return [columns[number] for number in layout.tags]


def _rebuilt(article: _Article, layout: _Layout, path: Path) -> RawArticle:
    """The text of the tokens and the spans of all columns in it."""
    parts: list[str] = []
    spans: list[RawSpan] = []
    length = 0
    for sentence in filter(None, article.sentences):
        tokens = []
        for _, columns in sentence:
            token = columns[layout.token]
            tokens.append((length, length + len(token)))
            length += len(token) + 1
        parts.append(" ".join(columns[layout.token] for _, columns in sentence))
        tags = zip(*(_picked(columns, layout) for _, columns in sentence), strict=True)
        spans += _spans(tags, tokens, sentence, path.stem)
    return RawArticle(
        "\n".join(parts), str(path), article.position, article.id,
        fallback_title=storable(f"{path.stem} {article.position}"), spans=spans,
    )  # fmt: skip


def _spans(
    columns: Iterable[Iterable[str]], tokens: Sequence[tuple[int, int]], sentence: Sequence[Row], stem: str
) -> Iterator[RawSpan]:
    for tags in columns:
        for label, first, last in iob.decoded(tags):
            place = f"line {sentence[first][0]}"
            # Bare tags (B, I, O) are those of one label, which the file is named after.
            yield RawSpan(label or storable(stem), ((tokens[first][0], tokens[last - 1][1]),), place)


def _own(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """Tagline's own folder: the articles with their texts, and each file of columns laid over them."""
    files = [other for other in options.beside if other.suffix == ".conll"]
    names = own.read_names(next((other for other in options.beside if other.name == own.NAMES), None))
    layers = [(file, _layer(file, options, report)) for file in files]
    for number, line in own.article_lines(path):
        try:
            raw = jsonl.parse_raw(line, str(path), f"line {number}", report)
            spans = [span for file, layer in layers for span in _laid(next(layer, []), raw, file, report)]
            if names:
                spans = [names.span(span) for span in spans]
            yield build(replace(raw, spans=spans), options.annotator, report)
        except UserError as error:
            report.skip(str(path), f"line {number}", f"{error.message}; {error.hint}")


def _layer(file: Path, options: ReadOptions, report: Report) -> Iterator[list[list[Row]]]:
    """The articles of one file of columns, as far as it is text."""
    try:
        yield from documents(lines_of(file, options, report))
    except UserError as error:
        report.skip(str(file), error.position, f"{error.message}; {error.hint}")


def _laid(sentences: Iterable[list[Row]], raw: RawArticle, file: Path, report: Report) -> Iterator[RawSpan]:
    """The spans of one article in one file; from a token on that is not in the text, none, and a line in the report."""
    position = 0
    for sentence in sentences:
        try:
            words, lines = [columns[0] for _, columns in sentence], [number for number, _ in sentence]
            tokens, position = placed_tokens(words, raw.text, position, lines)
            tags = list(zip(*(columns[3:] for _, columns in sentence), strict=True))
        except UserError as error:
            report.skip(str(file), error.position, f"{error.message} {raw.id!r}; {error.hint}")
            return
        except ValueError:
            report.skip(
                str(file),
                f"line {sentence[0][0]}",
                "the lines of this sentence have not the same columns; correct them",
            )
            return
        yield from _spans(tags, tokens, sentence, file.stem)

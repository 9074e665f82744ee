"""CoNLL columns out: `token -X- _ TAG`, one flat layer of tags a label.

A blank line ends a sentence, `-DOCSTART- -X- O O` begins an article (the layout of CoNLL-2003, Tjong Kim Sang & De Meulder
2003, as `spacy convert -c conll` reads it). Each label has a file of its own, `<split>.<label>.conll`, and all files of a
split have the same tokens and sentences; or `<split>.conll` has a column for each, named in its first line as CoNLL-U Plus
does (https://universaldependencies.org/ext-format.html). `<split>.articles.json` has the articles in their order.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path
from typing import TextIO

from desktop.bundle import Bundle, Record
from desktop.errors import UserError
from desktop.formats import iob, own
from desktop.formats.base import Placed, Plan
from desktop.formats.names import slugs, word_slug
from desktop.formats.receipt import Receipt
from desktop.formats.tokens import sentence_starts, tokenize, tokenizer_name
from desktop.formats.traits import CONLL_FILES, CONLL_NESTED, CONLL_TAGS
from desktop.model import Scheme, Span
from desktop.text import Bounds

DOCUMENT = "-DOCSTART-"
COLUMNS = "# global.columns = "
_FIXED = ("FORM", "POS", "CHUNK")


@dataclass(frozen=True)
class _Layer:
    """One column of tags: its label, the tag of that label, and which of the label's layers it is, from 1."""

    label: str
    tag: str
    number: int

    @property
    def name(self) -> str:
        return self.tag if self.number == 1 else f"{self.tag}.{self.number}"


@dataclass(frozen=True)
class _Out:
    """How the articles of one split are written: layers to files, and the spelling of tags."""

    layers: tuple[_Layer, ...]
    files: tuple[tuple[TextIO, tuple[_Layer, ...]], ...]
    bioes: bool
    further: bool


def write(folder: Path, bundle: Bundle, plan: Plan) -> Receipt:
    """Files of every label and split in `folder`; the receipt names each span that no layer holds."""
    tag_of = label_slugs(plan.scheme)
    own.write_names(folder, own.Names(labels={tag: label for label, tag in tag_of.items()}))
    receipt = Receipt("conll", notes={"tags": tag_of, "tokenizer": {}, "relations_left_out": 0})
    further = plan.option(CONLL_NESTED) == "layers"
    numbers = _most_layers(bundle, tag_of) if further else Counter(dict.fromkeys(tag_of, 1))
    layers = tuple(
        _Layer(label, tag, n) for label, tag in tag_of.items() for n in range(1, numbers[label] + 1)
    )
    with ExitStack() as stack:
        articles = stack.enter_context(own.articles(folder, plan.names))
        outs = {split: _Out(layers, _files(folder, split, layers, plan, stack), plan.option(CONLL_TAGS) == "bioes", further)
                for split in plan.names}  # fmt: skip
        for record in bundle:
            split = plan.split(record.article.id)
            articles.add(split, record)
            _write_record(record, outs[split], receipt)
    return receipt


def label_slugs(scheme: Scheme) -> dict[str, str]:
    """The tag of each label: a column file holds no blank in it, and no two differ in case alone."""
    return slugs((label.name for label in scheme.labels), word_slug)


def _most_layers(bundle: Bundle, labels: Iterable[str]) -> Counter[str]:
    """How many layers each label needs in the article that needs most."""
    most = Counter(dict.fromkeys(labels, 1))
    for record in bundle:
        of = {label: [s for s in record.spans if s.label == label] for label in most}
        crowded = [label for label, spans in of.items() if iob.may_share(spans, record.text)]
        tokens = _tokens(record) if crowded else []
        for label in crowded:
            most[label] = max(most[label], len(iob.layers(of[label], tokens)))
    return most


def _files(
    folder: Path, split: str, layers: tuple[_Layer, ...], plan: Plan, stack: ExitStack
) -> tuple[tuple[TextIO, tuple[_Layer, ...]], ...]:
    def opened(name: str) -> TextIO:
        return stack.enter_context((folder / name).open("w", encoding="utf-8", newline="\n"))

    if plan.option(CONLL_FILES) == "labels":
        return tuple((opened(f"{split}.{layer.name}.conll"), (layer,)) for layer in layers)
    file = opened(f"{split}.conll")
    file.write(COLUMNS + " ".join((*_FIXED, *(layer.name for layer in layers))) + "\n")
    return ((file, layers),)


def _tokens(record: Record) -> list[Bounds]:
    return list(_pieces(record.text, tokenize(record.text, record.article.language)))


def _write_record(record: Record, out: _Out, receipt: Receipt) -> None:
    article = record.article
    tokens = _tokens(record)
    made = {
        label: _columns(record.spans, label, tokens, out) for label in {layer.label for layer in out.layers}
    }
    columns = list(chain.from_iterable(made.values()))
    starts = sentence_starts(record.text, tokens, (run for column in columns for run in column.runs))
    heads = [f"{record.text[start:end]} -X- _ " for start, end in tokens]
    for file, layers in out.files:
        tags = [_tags(made[layer.label], layer, len(tokens), out) for layer in layers]
        file.write(" ".join((DOCUMENT, "-X-", *["O"] * (1 + len(layers)))) + "\n\n")
        file.write(_sentences(heads, starts, tags))
    # In the order of the scheme, so that a receipt is the same every time.
    for column in chain.from_iterable(
        made[label] for label in dict.fromkeys(layer.label for layer in out.layers)
    ):
        for span, reason in column.left_out:
            receipt.leave_out(article.id, span, reason)
        for span, reason, fragments in column.changed:
            receipt.change(article.id, span, reason, fragments)
    receipt.articles += 1
    receipt.spans_in += len(record.spans)
    receipt.notes["relations_left_out"] += len(record.relations)
    receipt.notes["tokenizer"].setdefault(article.language or "", tokenizer_name(article.language))


def _columns(spans: Iterable[Span], label: str, tokens: Sequence[Bounds], out: _Out) -> list[iob.Column]:
    mine = [span for span in spans if span.label == label]
    return iob.layers(mine, tokens) if out.further else [iob.column(mine, tokens)]


def _tags(columns: Sequence[iob.Column], layer: _Layer, count: int, out: _Out) -> list[str]:
    runs = columns[layer.number - 1].runs if layer.number <= len(columns) else []
    return iob.spelled(runs, count, layer.tag, bioes=out.bioes)


def _pieces(text: str, tokens: Sequence[Bounds]) -> Iterator[Bounds]:
    for start, end in tokens:
        # Readers take a line that begins so for a new article; parted, it is two harmless tokens.
        if text.startswith(DOCUMENT, start, end):
            yield start, start + 1
            start += 1  # noqa: PLW2901
        yield start, end


def _sentences(heads: Sequence[str], starts: Sequence[int], columns: Sequence[Sequence[str]]) -> str:
    rows = map(" ".join, zip(*columns, strict=True)) if len(columns) > 1 else columns[0]
    lines = [f"{head}{tags}\n" for head, tags in zip(heads, rows, strict=True)]
    ends = [*starts[1:], len(lines)]
    return "\n".join(["".join(lines[start:end]) for start, end in zip(starts, ends, strict=True)]) + "\n"


Row = tuple[int, list[str]]
"""The number of a line and what stands in its columns."""


def documents(file: Iterable[str]) -> Iterator[list[list[Row]]]:
    """Sentence by sentence the rows of one article after the other, of a file that `write` made."""
    sentences: list[list[Row]] = [[]]
    begun = False
    for number, line in enumerate(file, 1):
        if line.isspace():
            sentences.append([])
            continue
        columns = line.rstrip("\n").split(" ")
        if columns[0] == DOCUMENT:
            if begun:
                yield [sentence for sentence in sentences if sentence]
            sentences, begun = [[]], True
        elif columns[0] != "#" or not line.startswith(COLUMNS):
            sentences[-1].append((number, columns))
    if begun:
        yield [sentence for sentence in sentences if sentence]


def read_back(folder: Path, bundle: Bundle, plan: Plan) -> Iterator[tuple[str, Counter[Placed]]]:
    """What a consumer finds: columns parsed anew, tokens looked up in the articles' texts one after the other."""
    label_of = {tag: label for label, tag in label_slugs(plan.scheme).items()}
    for path in sorted(folder.glob(f"*{own.ARTICLES}")):
        split = path.name.removesuffix(own.ARTICLES)
        articles = own.article_lines(path)
        with ExitStack() as stack:
            files = [
                _written(stack.enter_context(file.open(encoding="utf-8", newline="\n")))
                for file in sorted(folder.glob(f"{split}.*conll"))
            ]
            for _, line in articles:
                article = json.loads(line)
                # One file after the other: a long article with many labels is large.
                sentences = (next(file, []) for file in files)
                yield article["id"], _placed(sentences, article, label_of)


_Sentence = tuple[tuple[str, ...], list[tuple[str, ...]]]
"""Its tokens, and its columns of tags."""


def _written(file: Iterable[str]) -> Iterator[list[_Sentence]]:
    """The articles of a file that holds nothing but what `write` puts there; `documents` takes five times as long."""
    begun = False
    for begins, lines in groupby(file, key=lambda line: line.startswith(DOCUMENT)):
        if begun and not begins:
            sentences = (
                [line.split(" ") for line in text.split("\n") if line]
                for text in "".join(lines).split("\n\n")
            )
            made = (list(zip(*rows, strict=True)) for rows in sentences if rows)
            yield [(columns[0], columns[len(_FIXED) :]) for columns in made]  # and nothing of it stays here
        begun = True


def _placed(
    files: Iterable[Sequence[_Sentence]], article: Mapping[str, str], label_of: Mapping[str, str]
) -> Counter[Placed]:
    """The spans of an article by the tags of all files; where these have the same tokens, they are looked up once."""
    placed: Counter[Placed] = Counter()
    known: list[tuple[str, ...]] = []
    places: list[list[Bounds]] = []
    for sentences in files:
        words = [tokens for tokens, _ in sentences]
        if words != known:
            known, places = words, list(_places(words, article))
        for (_, columns), bounds in zip(sentences, places, strict=True):
            for tags in columns:
                if tags.count("O") < len(tags):
                    for tag, first, last in iob.decoded(tags):
                        placed[label_of.get(tag, tag), ((bounds[first][0], bounds[last - 1][1]),)] += 1
    return placed


def _places(sentences: Iterable[Sequence[str]], article: Mapping[str, str]) -> Iterator[list[Bounds]]:
    position = 0
    for tokens in sentences:
        try:
            found, position = placed_tokens(tokens, article["text"], position)
        except UserError as error:
            raise UserError(f"article {article['id']!r}: {error.message}", error.hint) from None
        yield found


def placed_tokens(
    tokens: Iterable[str], text: str, position: int, lines: Sequence[int] = ()
) -> tuple[list[Bounds], int]:
    """Where the tokens of a sentence stand in `text` from `position` on, and where the last ends; `lines` are their lines.

    Raises UserError for a token that is not the next thing there.
    """
    found: list[Bounds] = []
    for number, token in enumerate(tokens):
        start = text.find(token, position)
        if start != position and (start < 0 or not text[position:start].isspace()):
            position += len(text[position:]) - len(text[position:].lstrip())
            raise UserError(
                f"the token {token!r} does not stand at character {position} of its article",
                "correct the line, or export again", position=f"line {lines[number]}" if lines else "",
            )  # fmt: skip
        position = start + len(token)
        found.append((start, position))
    return found, position

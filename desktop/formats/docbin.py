"""spaCy's DocBin (https://spacy.io/api/docbin), in folders that `spacy train` takes for a corpus.

`spans/<split>/00001.spacy` … hold every span in `doc.spans["sc"]`, nested and crossing ones too, with its id; where some labels
are too long for a span categorizer, the spans of the others stand in `doc.spans["short"]` as well. `ents/<label>/<split>/`
hold the same articles with the flat layer of one label in `doc.ents`. The `config.cfg` of a folder trains on it. Every span
begins and ends with a token. The bytes are the same for the same versions of spaCy and zlib.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.bundle import Bundle, Record
from desktop.errors import UserError
from desktop.formats import iob
from desktop.formats.base import SPLITS, Placed, Plan
from desktop.formats.names import file_name, slugs, word_slug
from desktop.formats.receipt import Flat, Receipt, entry
from desktop.formats.spacy_config import WIDEST, categorizer, recogniser, short_labels
from desktop.formats.tokens import Run, bounds, covered, parse, tokenizer_code, tokenizer_name
from desktop.model import Relation, Scheme, Span
from desktop.text import Bounds, sha256

if TYPE_CHECKING:
    from spacy.tokens import Doc, DocBin
    from spacy.vocab import Vocab

ALL, SHORT = "sc", "short"
SPANS, ENTS, CONFIG = "spans", "ents", "config.cfg"
# What spaCy has no place for stands in doc.user_data under this key, as JSON text: numbers of any size, in a fixed order.
REST = "tagline"
# Tokens of a full file: a few megabytes, so that neither writing nor training must hold a large corpus.
_FULL = 100_000


def label_folders(scheme: Scheme) -> dict[str, str]:
    """The folder of each label below `ents`."""
    return slugs((label.name for label in scheme.labels), lambda name: file_name(word_slug(name)))


class _Corpus:
    """A folder of DocBins; each is written once it is full."""

    def __init__(self, folder: Path, *attributes: str) -> None:
        folder.mkdir(parents=True)
        self._folder, self._attributes = folder, attributes
        self._files = self._tokens = 0
        self._bin = self._empty()

    def _empty(self) -> DocBin:
        from spacy.tokens import DocBin  # 0.7 s, paid only by this export  # noqa: PLC0415

        return DocBin(self._attributes, store_user_data=True)

    def add(self, doc: Doc, strings: set[str], user_data: bytes) -> None:
        """What DocBin.add does, which looks up nine strings of each token: `strings` are those that there are."""
        made, count = self._bin, len(doc)
        made.tokens.append(doc.to_array(made.attrs).reshape(count, len(made.attrs)))
        made.spaces.append(doc.to_array(["SPACY"]).reshape(count, 1).astype(bool))
        made.flags.append({"has_unknown_spaces": doc.has_unknown_spaces})
        made.cats.append(doc.cats)
        made.strings |= strings
        made.span_groups.append(doc.spans.to_bytes())
        made.user_data.append(user_data)
        self._tokens += count
        if self._tokens >= _FULL:
            self.flush()

    def flush(self) -> None:
        """Write what has been added since the last time."""
        if self._bin.tokens:
            self._files += 1
            self._bin.to_disk(self._folder / f"{self._files:05}.spacy")
            self._bin, self._tokens = self._empty(), 0


def write(folder: Path, bundle: Bundle, plan: Plan) -> Receipt:
    """DocBins and configs in `folder`; `flat["ents"]` lists the spans that are in no flat layer."""
    writer = _Writer(folder, plan, short_labels(span for record in bundle for span in record.spans))
    with _plug_ins_once():
        for record in bundle:
            writer.add(record)
        return writer.finish()


@contextmanager
def _plug_ins_once() -> Iterator[None]:
    """srsly, which packs for spaCy, looks for plug-ins in everything installed at each of its calls, and there are some fifteen
    an article: a fifth of the time. Here it looks once."""
    from srsly.msgpack import msgpack_decoders, msgpack_encoders  # noqa: PLC0415

    registries = (msgpack_decoders, msgpack_encoders)
    for registry in registries:
        registry.get_all = partial(dict, registry.get_all())
    try:
        yield
    finally:
        for registry in registries:
            del registry.get_all  # the attribute, which hides the method


class _Writer:
    """Writes article after article, and keeps what the configs need to know."""

    def __init__(self, folder: Path, plan: Plan, short: Mapping[str, bool]) -> None:
        self._folder, self._plan = folder, plan
        self._short = {label for label, fits in short.items() if fits}
        self._key = ALL if all(short.values()) else SHORT
        self._folders = label_folders(plan.scheme)
        self._spans = {split: _Corpus(folder / SPANS / split) for split in plan.names}
        self._ents = {
            (label, split): _Corpus(folder / ENTS / name / split, "ENT_IOB", "ENT_TYPE")
            for label, name in self._folders.items()
            for split in plan.names
        }
        self._languages: Counter[str] = Counter()
        self._trained: set[str] = set()
        self._longest = 0
        self._beyond: Counter[str] = Counter()
        self._receipt = Receipt("spacy", notes={"tokenizer": {}, "relations_left_out": 0})
        self._left_out = self._receipt.flat.setdefault("ents", Flat()).left_out

    def add(self, record: Record) -> None:
        article, split = record.article, self._plan.split(record.article.id)
        doc = parse(record.text, article.language)
        tokens = list(bounds(doc))
        placed = list(self._placed(record, tokens))
        strings = {record.text[start:end] for start, end in tokens}
        known = _user_data(record)
        doc.spans[ALL] = _group(doc, ALL, placed)
        short = [(span, run) for span, run in placed if span.label in self._short]
        if self._key == SHORT:
            doc.spans[SHORT] = _group(doc, SHORT, short)
        self._measure(short)
        named = {name for span, _ in placed for name in (span.label, span.id)}
        self._spans[split].add(doc, strings | named, _user_data(record, self._kept_relations(record, placed)))
        doc.spans.clear()
        for label in self._folders:
            runs, left_out = flat([(span, run) for span, run in placed if span.label == label])
            for span, reason in left_out:
                self._left_out.append(entry(article.id, span, reason))
            if runs and split == SPLITS[0]:
                self._trained.add(label)
            doc.set_ents(_spans(doc, [(label, "", run) for run in runs]))
            self._ents[label, split].add(doc, strings | {label}, known)
        self._receipt.articles += 1
        self._receipt.spans_in += len(record.spans)
        self._receipt.notes["tokenizer"].setdefault(article.language or "", tokenizer_name(article.language))
        self._languages[tokenizer_code(article.language)] += 1

    def _placed(self, record: Record, everything: Iterable[Bounds]) -> Iterator[tuple[Span, Run]]:
        """The spans that are written, with their tokens; the receipt names those that are not, and those that move."""
        tokens, at = _solid(everything, record.text)
        for span in sorted(record.spans, key=lambda span: (span.start, -span.end, span.id)):
            run = covered(tokens, span.start, span.end)
            if len(span.fragments) > 1 or not run:
                reason = iob.FRAGMENTS if len(span.fragments) > 1 else iob.NO_TOKEN
                self._receipt.leave_out(record.article.id, span, reason)
                continue
            place = (tokens[run[0]][0], tokens[run[1] - 1][1])
            if why := iob.moved(span, *place):
                self._receipt.change(record.article.id, span, why, (place,))
            yield span, (at[run[0]], at[run[1] - 1] + 1)

    def _kept_relations(self, record: Record, placed: Sequence[tuple[Span, Run]]) -> list[Relation]:
        ids = {span.id for span, _ in placed}
        kept = [relation for relation in record.relations if {relation.head, relation.tail} <= ids]
        self._receipt.notes["relations_left_out"] += len(record.relations) - len(kept)
        return kept

    def _measure(self, short: Iterable[tuple[Span, Run]]) -> None:
        for span, (first, last) in short:
            self._beyond[span.label] += last - first > WIDEST
            self._longest = max(self._longest, min(last - first, WIDEST))

    def finish(self) -> Receipt:
        """Write what is still waiting, and the configs."""
        for corpus in (*self._spans.values(), *self._ents.values()):
            corpus.flush()
        language = min(self._languages, key=lambda code: (-self._languages[code], code), default="xx")
        for label in sorted(self._trained):
            config = recogniser(language, self._plan.names, label)
            _write_text(self._folder / ENTS / self._folders[label] / CONFIG, config)
        if self._longest and self._trained & self._short:
            config = categorizer(language, self._plan.names, self._key, self._longest)
            _write_text(self._folder / SPANS / CONFIG, config)
        self._receipt.notes |= {
            "folders": self._folders,
            "beyond_suggester": {label: count for label, count in sorted(self._beyond.items()) if count},
        }
        return self._receipt


def _write_text(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8", newline="\n")


def _solid(tokens: Iterable[Bounds], text: str) -> tuple[list[Bounds], list[int]]:
    """The tokens that are not blank as (start, end), and the number of each in the Doc."""
    found, at = [], []
    for number, (start, end) in enumerate(tokens):
        if not text[start:end].isspace():
            found.append((start, end))
            at.append(number)
    return found, at


def flat(placed: Iterable[tuple[Any, Run]]) -> tuple[list[Run], list[tuple[Any, str]]]:
    """The runs of tokens that one flat layer holds, and what it leaves out: of two that share a token the one with more is
    kept, of equal ones the first."""
    owner: dict[int, Run] = {}
    left_out = []
    for item, run in sorted(placed, key=lambda pair: pair[1][0] - pair[1][1]):
        kept = {owner[number] for number in range(*run) if number in owner}
        if kept:
            inside = any(first <= run[0] and run[1] <= last for first, last in kept)
            left_out.append((item, iob.NESTED if inside else iob.OVERLAPS))
        else:
            owner.update(dict.fromkeys(range(*run), run))
    return sorted(set(owner.values())), left_out


def _spans(doc: Doc, places: Iterable[tuple[str, str, Run]]) -> list[Any]:
    """spaCy's spans for (label, id, run of tokens)."""
    from spacy.tokens import Span as DocSpan  # noqa: PLC0415

    return [DocSpan(doc, first, last, label, span_id=name) for label, name, (first, last) in places]


def _group(doc: Doc, key: str, placed: Iterable[tuple[Span, Run]]) -> Any:
    from spacy.tokens import SpanGroup  # noqa: PLC0415

    return SpanGroup(doc, name=key, spans=_spans(doc, [(s.label, s.id, run) for s, run in placed]))


def _user_data(record: Record, relations: Sequence[Relation] | None = None) -> bytes:
    """What makes the article known again; with `relations` also all that tokens and spans do not hold."""
    import srsly  # spaCy's own way to write user data  # noqa: PLC0415

    article = record.article
    annotators = {span.annotator for span in record.spans}
    data = {
        "id": article.id, "title": article.title, "language": article.language, "text_sha256": article.text_sha256,
        "annotator": annotators.pop() if len(annotators) == 1 else None,
    }  # fmt: skip
    if relations is not None:
        rest = {
            "group": article.group, "meta": article.meta, "status": dict(record.status or {}),
            "spans": {s.id: {"annotator": s.annotator, "attributes": s.attributes, "note": s.note} for s in record.spans},
            "relations": [
                {"id": r.id, "type": r.type, "head": r.head, "tail": r.tail, "attributes": r.attributes, "note": r.note}
                for r in relations
            ],
        }  # fmt: skip
        data[REST] = json.dumps(rest, ensure_ascii=False, sort_keys=True)
    packed: bytes = srsly.msgpack_dumps(data)
    return packed


def read_back(folder: Path, bundle: Bundle, plan: Plan) -> Iterator[tuple[str, Counter[Placed]]]:
    """What a consumer finds: every file loaded by spaCy, the flat layers compared with the spans.

    Raises UserError for a text that has not its checksum, or a flat layer that is not that of the spans.
    """
    with _plug_ins_once():
        for split in sorted(plan.names):
            for path in sorted((folder / SPANS / split).glob("*.spacy")):
                yield from _file_back(path, folder / ENTS, label_folders(plan.scheme))


def _file_back(path: Path, ents: Path, names: Mapping[str, str]) -> Iterator[tuple[str, Counter[Placed]]]:
    from spacy.vocab import Vocab  # noqa: PLC0415

    vocab = Vocab()
    found = [_found(doc) for doc in _docs(path, vocab)]
    # One label after the other: a Doc is large, and there may be many labels.
    for label, name in names.items():
        _compare_layer(label, _docs(ents / name / path.parent.name / path.name, vocab), found)
    for name, _, spans in found:
        yield name, Counter((label, (place,)) for label, _, place in spans)


_Found = tuple[str, bytes, list[tuple[str, Run, Bounds]]]
"""Of a Doc its article, its words, and the label, the tokens and the place of each span."""


def _found(doc: Doc) -> _Found:
    name, text = doc.user_data["id"], doc.text
    if sha256(text) != doc.user_data["text_sha256"]:
        raise UserError(f"the text of article {name!r} is not as it was", "export again")
    spans = [(s.label_, (s.start, s.end), (s.start_char, s.end_char)) for s in doc.spans[ALL]]
    return name, _words(doc), spans


def _compare_layer(label: str, layer: Iterator[Doc], found: Iterable[_Found]) -> None:
    for name, words, spans in found:
        runs, _ = flat((None, run) for of, run, _ in spans if of == label)
        doc = next(layer, None)
        if (
            doc is None  # one without tokens counts as false
            or _words(doc) != words
            or [(e.label_, (e.start, e.end)) for e in doc.ents] != [(label, run) for run in runs]
        ):
            raise UserError(
                f"doc.ents of {label!r} in article {name!r} are not its flat layer", "export again"
            )


def _words(doc: Doc) -> bytes:
    """What makes the text of a Doc, to be compared with others of one vocabulary; the text itself takes much longer."""
    packed: bytes = doc.to_array(["ORTH", "SPACY"]).tobytes()
    return packed


def _docs(path: Path, vocab: Vocab) -> Iterator[Doc]:
    from spacy.tokens import DocBin  # noqa: PLC0415

    yield from DocBin().from_disk(path).get_docs(vocab)

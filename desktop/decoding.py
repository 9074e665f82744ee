"""Bytes to text: an encoding named, a byte order mark, strict UTF-8, and only then a guess that says it is one.

Nothing is ever replaced on the way: what no encoding can read is refused by its position.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

import regex

from desktop.errors import UserError
from desktop.languages import likeness

if TYPE_CHECKING:
    from charset_normalizer import CharsetMatch

# Those that articles are really written in: all that charset-normalizer knows would be a lottery on short texts.
ENCODINGS = (
    "utf_8", "cp1252", "cp1250", "iso8859_2", "cp1251", "koi8_r", "cp866", "cp1253", "iso8859_7", "cp1254", "cp1255", "cp1256",
    "iso8859_6", "cp1257", "cp874", "cp1258", "cp932", "euc_jp", "iso2022_jp", "gb18030", "big5", "cp949", "cp850", "mac_roman",
    "utf_16_le", "utf_16_be",
)  # fmt: skip
MIXED = "utf-8 and cp1252"
"""The name of a guess: UTF-8, but for single bytes that are read as cp1252. No name for --encoding."""

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
         (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))  # fmt: skip
_MAGIC = (
    (b"%PDF-", "a PDF", "name it .pdf"),
    (b"PK\x03\x04", "a zip archive or an office file", "name it .zip, .docx or .xlsx, whichever it is"),
    (b"\xd0\xcf\x11\xe0", "a file of an old office program", "open it there and save it as .docx or .xlsx"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"\x89PNG", "a picture", "leave it out"),
    (b"\xff\xd8\xff", "a picture", "leave it out"),
    (b"GIF8", "a picture", "leave it out"),
    (b"SQLite format 3\x00", "a database", "export its texts first"),
)
_SAMPLE = 50_000
_LOOKED_AT = 1_000_000
# A zero in so many bytes is a slip in a text.
_FEW_ZEROS = 500
# Two escape sequences that begin Japanese in ISO-2022-JP: seven-bit, so that strict UTF-8 takes it for text.
_ISO_2022_JP = regex.compile(rb"\x1b\$[@B].*?\x1b\([BJ]", regex.DOTALL)
# What charset-normalizer calls mess is the same up to here for encodings that only a reader could tell apart.
_ALIKE = 0.08
# From so much oddness on the encoding that most files have is tried too.
_ODDEST = 0.3
# Signs inside a word, capitals in its middle, a letter alone that is no word, letters of two scripts in one word.
_ODD = regex.compile(
    r"""[\p{Latin}\p{Greek}\p{Cyrillic}]\K[[\p{S}\p{P}]--[\x00-\x7f’‘ʼ´·‐‑–—]](?=[\p{Latin}\p{Greek}\p{Cyrillic}])
      | \p{Ll}\K[\p{Lu}--[A-Z]](?=\p{Ll}|[’'\s]) | [\p{Lu}--[A-Z]](?=\d) | [\x80-\x9f\u2500-\u259f]
      | (?<!\S)[ñîïëêâûãõçðþ](?!\S) | [A-Za-z]\K[\p{L}--\p{Latin}--[ªº]] | [\p{L}--\p{Latin}]\K[A-Za-z]""",
    regex.VERBOSE | regex.V1,
)
# So many sound characters beyond ASCII for one stray byte, and the rest is taken for UTF-8.
_SOUND = 2
_BEYOND, _STRAY = regex.compile(r"[^\x00-\x7f]"), regex.compile(r"[\udc80-\udcff]")
# What `surrogateescape` makes of a stray byte, and the character meant; five bytes that cp1252 lacks stay control characters.
_AS_CP1252 = {
    0xDC00 + byte: bytes([byte]).decode("cp1252" if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else "latin-1")
    for byte in range(0x80, 0x100)
}


@dataclass(frozen=True)
class Decoded:
    """Text and the encoding it was read with; `guessed` when nothing in the file proves that encoding."""

    text: str
    encoding: str
    guessed: bool = False


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    """Bytes to text: the encoding named, else a byte order mark, else strict UTF-8, else a guess that says so.

    Raises UserError for bytes that are no text, or not text in the encoding named.
    """
    named = encoding or next((name for mark, name in _BOMS if data.startswith(mark)), None)
    if named:
        return Decoded(_strict(data, named), named)
    _refuse_binary(data)
    wide = _wide(data)
    if wide:
        return Decoded(_strict(data, wide), wide, guessed=True)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return _guess(data)
    if _ISO_2022_JP.search(data):
        try:
            return Decoded(data.decode("iso2022_jp"), "iso2022_jp", guessed=True)
        except UnicodeDecodeError:
            pass
    return Decoded(text, "utf-8")


def lines(path: Path, encoding: str | None = None, most: int = 1 << 24) -> tuple[Iterator[str], Decoded]:
    """The lines of a file of any size, with their ends, and the encoding they are read with (`text` is empty).

    Lines are parted at CR, LF and CRLF; one of more than `most` characters comes in pieces. Raises UserError, also while
    the lines are read, for bytes that are no text.
    """
    found = _of_file(path, encoding)
    return _read_lines(path, found.encoding, most), found


def _of_file(path: Path, encoding: str | None) -> Decoded:
    with path.open("rb") as file:
        head = file.read(2 * _SAMPLE)
        marked = next((name for mark, name in _BOMS if head.startswith(mark)), None)
        if encoding or marked:
            name = encoding or marked or ""
            _strict(b"", name)  # whether there is such an encoding
            return Decoded("", name)
        _refuse_binary(head)
        wide = _wide(head)
        if wide:
            return Decoded("", wide, guessed=True)
        wrong = _first_not_utf8(file)
        if wrong is None:
            return Decoded("", "utf-8")
        file.seek(max(0, wrong - 1000))
        sample = file.read(_SAMPLE)
    return Decoded("", _guess(sample[sample.find(b"\n") + 1 if wrong > 1000 else 0 :]).encoding, guessed=True)


def _first_not_utf8(file: IO[bytes]) -> int | None:
    """Where a file stops being UTF-8, to within a chunk's unfinished character; None if it does not."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    done = 0
    try:
        while chunk := file.read(1 << 20):
            decoder.decode(chunk)
            done += len(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return done + error.start
    return None


def _read_lines(path: Path, encoding: str, most: int) -> Iterator[str]:
    mixed = encoding == MIXED
    name, errors = ("utf-8", "surrogateescape") if mixed else (encoding, "strict")
    with path.open(encoding=name, errors=errors, newline="") as file:
        try:
            while line := file.readline(most):
                yield line.translate(_AS_CP1252) if mixed else line
        except UnicodeDecodeError as error:
            raise UserError(
                f"this is not text in {encoding}: byte 0x{error.object[error.start]:02x} is none of its characters",
                "name another --encoding",
            ) from None


def sample(text: str) -> str:
    """A little of a text around its first character beyond ASCII, by which a person sees whether an encoding is right."""
    found = _BEYOND.search(text)
    place = found.start() if found else 0
    start = text.rfind(" ", 0, max(0, place - 25)) + 1 if place > 25 else 0
    return " ".join(text[start : start + 90].split())


def choices(data: bytes) -> list[str]:
    """The encodings that can read all of `data`, the likeliest first."""
    try:
        best = [decode(data).encoding]
    except UserError:
        best = []
    return best + [name for name in ENCODINGS if name not in best and reads(data, name)]


def shown_as(data: bytes, name: str) -> str:
    """Bytes in an encoding that can read them, or in MIXED."""
    if name == MIXED:
        return data.decode(errors="surrogateescape").translate(_AS_CP1252)
    return data.decode(name, "replace")


def telling_bytes(path: Path, most: int = 20_000) -> bytes:
    """A stretch of a file with what is not ASCII in it, whole lines; empty where the file cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(_LOOKED_AT)
    except OSError:
        return b""
    first = next((place for place, byte in enumerate(data) if byte > 127), 0) if not data.isascii() else 0
    start = data.rfind(b"\n", 0, max(0, first - most // 4)) + 1
    # Two bytes a character: a stretch may not begin in the middle of one.
    start -= start % 2
    stretch = data[start : start + most]
    cut = stretch.rfind(b"\n")
    return stretch[:cut] if len(stretch) == most and cut > 0 and stretch.count(0) == 0 else stretch


def _strict(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise UserError(f"this is not text in {name}", "name another --encoding, or leave it out",
                        position=f"byte {error.start}") from None  # fmt: skip
    except (LookupError, ValueError):  # ValueError: a codec that is none for text, such as `undefined`
        raise UserError(
            f"no encoding is called {name!r}", "use a name like utf-8, cp1252 or iso-8859-2"
        ) from None


def _refuse_binary(data: bytes) -> None:
    for mark, what, remedy in _MAGIC:
        if data.startswith(mark):
            raise UserError(f"this is not a text file but {what}", remedy)


def _wide(data: bytes) -> str | None:
    """UTF-16 without its mark: every second byte of Latin text is zero. Raises UserError for other zeros."""
    head = data[: 2 * _SAMPLE]
    zeros = head.count(0)
    if not zeros or zeros * _FEW_ZEROS < len(head):
        return None  # cleaning drops them, and says so
    if len(data) % 2 == 0 and zeros * 40 > len(head):  # in other scripts only blanks and stops have one
        for name, first in (("utf_16_le", 1), ("utf_16_be", 0)):
            if (
                head[first::2].count(0) > 0.95 * zeros
                and reads(data, name)
                and not _is_binary(head.decode(name, "ignore"))
            ):
                return name
    raise UserError("this is not a text file", "open it in the program that made it and save it as plain text",
                    position=f"byte {head.index(0)}")  # fmt: skip


def reads(data: bytes, name: str, *, whole: bool = True) -> bool:
    """Whether all of `data` is text in that encoding; where it is not `whole`, it may end inside a character."""
    try:
        codecs.getincrementaldecoder(name)().decode(data, whole)
    except (UnicodeDecodeError, ValueError):
        return False
    return True


def _guess(data: bytes) -> Decoded:
    mixed = _mixed(data)
    if mixed is not None:
        return Decoded(mixed, MIXED, guessed=True)
    for name in _ranked(_sample(data)):
        if reads(data, name):
            text = data.decode(name)
            if not _is_binary(text):
                return Decoded(text, name, guessed=True)
    raise UserError("this is not a text file", "save it as plain text (UTF-8), or name its --encoding")


def _is_binary(text: str) -> bool:
    controls = sum(
        1 for char in text[:65536] if (char < " " and char not in "\t\n\r\f\v") or "\x7f" <= char < "\xa0"
    )
    return controls * 100 > min(len(text), 65536)


def _ranked(sample: bytes) -> list[str]:
    """The encodings a sample may be in, the best guess first; empty where it is no text."""
    from charset_normalizer import from_bytes  # 40 ms that only odd files pay  # noqa: PLC0415

    matches = list(from_bytes(sample, cp_isolation=list(ENCODINGS)))
    if not matches:  # a few words full of signs are too little for it
        able = [name for name in ENCODINGS if reads(sample, name)]
        return sorted(able, key=lambda name: _oddness(sample.decode(name)))
    best = matches[0].chaos + _ALIKE
    # Among encodings equally tidy the one in which most function words are known; cp1252 is by far the commonest.
    ranks = {
        _usual(match): (_oddness(str(match)), match.chaos > best, *_implausible(match))
        for match in matches[::-1]
    }
    if min(ranks.values())[0] >= _ODDEST and "cp1252" not in ranks and reads(sample, "cp1252"):
        ranks["cp1252"] = (_oddness(sample.decode("cp1252")), True, 0.0, 0.0)
    return sorted(ranks, key=lambda name: ranks[name])


def _oddness(text: str) -> float:
    """The share of characters beyond ASCII that stand where no writer puts them, in tenths."""
    beyond = len(_BEYOND.findall(text))
    return round(len(_ODD.findall(text)) / beyond, 1) if beyond else 0.0


def _implausible(match: CharsetMatch) -> tuple[float, float]:
    ahead = 0.05 if "cp1252" in match.could_be_from_charset else 0.0
    return -round(likeness(str(match)), 2), -(match.coherence + ahead)


def _usual(match: CharsetMatch) -> str:
    """Of the encodings that give the same text the one most in use."""
    return "cp1252" if "cp1252" in match.could_be_from_charset else match.encoding


def _sample(data: bytes) -> bytes:
    """The stretch of `data` to guess from: where it stops being ASCII, cut at blanks."""
    first = next((i for i in range(0, len(data), 4096) if not data[i : i + 4096].isascii()), 0)
    start = data.rfind(b"\n", 0, first) + 1 if first else 0
    start = start if first - start < _SAMPLE else first
    end = start + _SAMPLE
    if end >= len(data):
        return data[start:]
    cut = max(data.rfind(b"\n", start, end), data.rfind(b" ", start, end))
    return data[start : cut if cut > start else end]


def _mixed(data: bytes) -> str | None:
    """UTF-8 with single bytes of cp1252 in it, as pages glued together have; None where it is not mostly UTF-8."""
    text = data.decode(errors="surrogateescape")
    strange = len(_STRAY.findall(text))
    if len(_BEYOND.findall(text)) - strange < _SOUND * strange:
        return None
    return text.translate(_AS_CP1252)

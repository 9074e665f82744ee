"""Mail (.eml) in: the body as the article, subject, sender and day as its metadata; attachments are counted, not read."""

from __future__ import annotations

from collections.abc import Iterator
from email import errors, message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from desktop import decoding
from desktop.bundle import Record, Report
from desktop.errors import UserError
from desktop.formats.base import ReadOptions
from desktop.formats.documents import web
from desktop.formats.documents.base import LARGEST, load, named, record
from desktop.text import storable

# What is wrong with headers of real mail; the library raises all of these on access.
_ODD = (ValueError, IndexError, AttributeError, KeyError, TypeError, errors.MessageError)


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """The article in a message. Raises UserError for a file that is no mail, or mail without text."""
    with named(path):
        message = message_from_bytes(load(path, LARGEST), policy=policy.default)
        assert isinstance(message, EmailMessage)
        if not message.keys():
            raise UserError("this is no mail: it has no headers", "name it .txt if it is plain text")
        body = _body(message)
        if body is None:
            raise UserError("there is no text in this mail", "leave it out")
        attached = sum(1 for _ in message.iter_attachments()) if message.is_multipart() else 0
        if attached:
            report.clean(str(path), "attachments left out", attached)
        text = _decoded(body, options, path, report)
        title, meta = _header(message, "subject"), {"author": _sender(message), "date": _day(message)}
        if body.get_content_type() == "text/html":
            yield web.story(
                text, path, options, report, {name: value for name, value in meta.items() if value}, title
            )
        else:
            yield record(text.rstrip(), path, options, report, title=title, meta=meta)


def _body(message: EmailMessage) -> EmailMessage | None:
    try:
        found = message.get_body(("plain", "html"))
    except _ODD:
        return None
    # A message that says it has parts and has none.
    if found is None and message.get_content_maintype() == "multipart" and not message.is_multipart():
        return message
    assert found is None or isinstance(found, EmailMessage)
    return found


def _decoded(body: EmailMessage, options: ReadOptions, path: Path, report: Report) -> str:
    """The text of a part in the encoding it declares, and only where that cannot be by a guess that says so."""
    data = body.get_payload(decode=True)
    if not isinstance(data, bytes) or not data.strip():
        raise UserError("there is no text in this mail", "leave it out")
    declared = options.encoding or body.get_content_charset()
    if declared:
        try:
            return decoding.decode(data, web.MEANT.get(declared, declared)).text
        except UserError:
            if options.encoding:
                raise
            report.clean(str(path), f"declared as {declared}, which it is not", 1)
    decoded = decoding.decode(data)
    if decoded.guessed:
        report.guess(str(path), decoded.encoding, sample=decoding.sample(decoded.text))
    return decoded.text


def _header(message: EmailMessage, name: str) -> str | None:
    try:
        value = message[name]
    except _ODD:
        return None
    return storable(" ".join(str(value).split())) if value else None


def _sender(message: EmailMessage) -> str | None:
    """The name of the sender, else the address."""
    try:
        addresses = message["from"].addresses
        return storable(addresses[0].display_name or addresses[0].addr_spec) or None
    except _ODD:
        return _header(message, "from")


def _day(message: EmailMessage) -> str | None:
    try:
        found = message["date"].datetime
        return found.date().isoformat() if found else None
    except _ODD:
        return None

"""Tagline without a screen: text, spans, storage, formats, datasets and commands. Never imports Qt."""

__version__ = "0.1.0"

"""Tagline without a screen: text, spans, storage, formats, datasets and commands. Never imports Qt."""

__version__ = "0.1.0"

# Of the command line; anything else that `tagline` is called with is a project.
SUBCOMMANDS = ("new", "import", "export", "check", "splits", "recover", "purge", "info", "tour")

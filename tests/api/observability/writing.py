"""Log lines as an installation writes them, for the length of a block."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog

from api.logs import configure_logs

QUIETER: Final = ("uvicorn.sockets", "httpx", "httpcore", "tortoise")


@contextmanager
def logs_as_before() -> Iterator[None]:
    """Whatever is configured of the log within the block is put back."""
    root, chosen = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers, root.level
    levels = {name: logging.getLogger(name).level for name in QUIETER}
    try:
        yield
    finally:
        root.handlers = handlers
        root.setLevel(level)
        for name, known in levels.items():
            logging.getLogger(name).setLevel(known)
        logging.getLogger("uvicorn.access").disabled = False
        structlog.configure(**chosen)


@contextmanager
def logs_written(*, as_json: bool) -> Iterator[None]:
    """All lines are written, at the level that tells the most, to what is stderr when the block begins."""
    with logs_as_before():
        configure_logs(as_json=as_json, level="DEBUG")
        # A logger that remembers its configuration would keep this one.
        structlog.configure(cache_logger_on_first_use=False)
        yield

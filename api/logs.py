"""Log lines: structured, with the correlation id of the call they belong to, and without secrets."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

from domain.kit.context import call_in_progress

MASK: Final = "***"

_SECRET_NAMES: Final = re.compile(r"password|secret|token|authorization|cookie|api_?key|credential", re.IGNORECASE)
_SECRET_TEXTS: Final = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+]*://[^\s:/@]*:)[^\s@/]+(?=@)"
    r"|\bBearer\s+[\w.~+/=-]+"
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]+"
    r"|\b(?:daf|dfr)_[\w-]{8,}"
    r"|(?<![\w+])\+[1-9]\d{6,14}\b"
    # Kenyan numbers are written without a plus as well, and the names of M-Pesa's prompts end in one.
    r"|(?<![\w+])(?:254|0)[17]\d{8}\b"
    r"|\bws_CO_\d{9,}",
    re.IGNORECASE,
)


def configure_logs(*, as_json: bool, level: str) -> None:
    """Set up structlog, and let the standard library's loggers speak through it."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_call,
        structlog.processors.StackInfoRenderer(),
    ]
    last: list[Any] = (
        [structlog.processors.format_exc_info, mask_secrets, structlog.processors.JSONRenderer()]
        if as_json
        else [structlog.processors.format_exc_info, mask_secrets, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # The edge writes a line for each request itself, with the correlation id.
    logging.getLogger("uvicorn.access").disabled = True
    # Sockets are counted by the metrics. Thousands may come back in a second, and a line for each would be most of the work.
    logging.getLogger("uvicorn.sockets").setLevel(max(logging.getLevelName(level), logging.WARNING))
    # Whoever asks somebody over HTTP says so, and in other words than an address.
    logging.getLogger("httpx").setLevel(max(logging.getLevelName(level), logging.WARNING))
    # That its pool closes is no news, least of all to whoever ran a command.
    logging.getLogger("tortoise").setLevel(max(logging.getLevelName(level), logging.WARNING))


def add_call(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Say to which call a line belongs."""
    call = call_in_progress()
    if call is not None:
        line.setdefault("correlation_id", str(call.correlation_id))
    return line


def mask_secrets(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Nothing that opens a door is written down, nor anybody's telephone number, wherever in the line it stands."""
    for name in line:
        line[name] = MASK if _SECRET_NAMES.search(name) else _masked(line[name])
    return line


def _masked(value: Any) -> Any:
    match value:
        case str():
            return _SECRET_TEXTS.sub(lambda found: (found["scheme"] or "") + MASK, value)
        case dict():
            return {
                name: MASK if isinstance(name, str) and _SECRET_NAMES.search(name) else _masked(inner)
                for name, inner in value.items()
            }
        case list() | tuple():
            return [_masked(inner) for inner in value]
    return value

"""Log lines: structured, with the correlation id of the call they belong to, without secrets and without people."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any, Final

import structlog

from domain.kit.context import call_in_progress

MASK: Final = "***"
SHORTEST: Final = 6
"""Nothing that is looked for is shorter: ``a@b.ke``."""

_OF_A_PERSON: Final = (
    r"(?:(?:first|last|middle|full|given|family|display|legal|trading|customer|client|borrower|student|guardian|teacher|holder"
    r"|owner|contact|payer|payee|recipient|sender)_?)?names?|e_?mails?(?:_?address)?|phones?(?:_?number)?|msisdn|mobile"
    r"|telephone|(?:national_?)?id_?number|national_?id|kra_?pin|tax_?(?:pin|id)|passport(?:_?number)?|date_?of_?birth|born_?on"
    r"|birth_?date|(?:postal_?|home_?)?address"
)
_OF_SEVERAL_LINES: Final = frozenset({"exception", "stack"})
_OPENS_DOORS: Final = r"password|secret|token|authorization|cookie|api_?key|credential"
_SECRET_NAMES: Final = re.compile(rf"{_OPENS_DOORS}|^(?:{_OF_A_PERSON})$", re.IGNORECASE)
_SECRET_TEXTS: Final = re.compile(
    r"(?P<scheme>(?<![a-z0-9+])[a-z][a-z0-9+]*://[^\s:/@]*:)[^\s@/]+(?=@)"
    # What PostgreSQL, its driver, pydantic and GraphQL tell of a value that they do not like. Where its end is not found
    # soon, all that follows is masked.
    r"|(?P<key>\bKey \([^=\n]{0,200}\)=\()(?:[\s\S]{0,2000}?(?=\) (?:already|is|conflicts|exists)\b)|[\s\S]*)"
    r"|(?P<row>\bFailing row contains \()(?:[\s\S]{0,4000}?(?=\)\.?(?:\n|\\n|$))|[\s\S]*)"
    r"|(?P<input>\binvalid input (?:syntax|value) for [^:\n]*: )[^\n]*"
    r"|(?P<argument>\binvalid input for query argument [^:\n]*: )[^\n]*"
    r"|(?P<given>\binput_value=)(?:[\s\S]{0,2000}?(?=, input_type=)|[\s\S]*)"
    r"|(?P<shown>\bcannot represent [^:\n]*: )[^\n]*"
    rf"|(?P<pair>[\"'](?:{_OF_A_PERSON}|\w{{0,40}}(?:{_OPENS_DOORS})\w{{0,40}})[\"']: ?)(?:\"[^\"\n]*\"|'[^'\n]*')"
    r"|(?<![\w.+%-])[\w.+%-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+"
    r"|\bBearer\s+[\w.~+/=-]+"
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]+"
    r"|\b(?:daf|dfr)_[\w-]{8,}"
    r"|(?<![\w+])\+[1-9](?:[ -]?\d){6,14}\b"
    # Kenyan numbers are written without a plus as well, and the names of M-Pesa's prompts end in one.
    r"|(?<![\w+])(?:254|0) ?[17](?: ?\d){8}\b"
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
        else [
            structlog.processors.format_exc_info,
            mask_secrets,
            escape_controls,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ]
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
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(max(logging.getLevelName(level), logging.WARNING))
    # That its pool closes is no news, least of all to whoever ran a command.
    logging.getLogger("tortoise").setLevel(max(logging.getLevelName(level), logging.WARNING))


def add_call(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Say to which call a line belongs."""
    call = call_in_progress()
    if call is not None:
        line.setdefault("correlation_id", str(call.correlation_id))
    return line


def mask_secrets(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Nothing that opens a door is written down, nor whom a line is about: no telephone number, address or name, wherever in
    the line it stands, also where another program tells it. Ids say enough to those who may look them up."""
    for name in line:
        line[name] = MASK if _is_secret(name) else _masked(line[name])
    return line


def escape_controls(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """What is said in a line stays in it: nobody begins another one, or moves the cursor of who reads it. JSON does that by
    itself, and a traceback has lines of its own."""
    for name, value in line.items():
        if isinstance(value, str) and name not in _OF_SEVERAL_LINES and not value.isprintable():
            line[name] = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in value)
    return line


@lru_cache(maxsize=500)
def _is_secret(name: str) -> bool:
    return _SECRET_NAMES.search(name) is not None


def _masked(value: Any) -> Any:
    match value:
        case str():
            return value if len(value) < SHORTEST else _SECRET_TEXTS.sub(_mask, value)
        case dict():
            return {
                name: MASK if isinstance(name, str) and _is_secret(name) else _masked(inner) for name, inner in value.items()
            }
        case list() | tuple():
            return [_masked(inner) for inner in value]
    return value


def _mask(found: re.Match[str]) -> str:
    """What leads up to a secret stays, where that is told apart."""
    return (found[found.lastgroup] if found.lastgroup else "") + MASK

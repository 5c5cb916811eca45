"""The reference of all settings, ``deploy/configuration.md``: written from the settings, so that it cannot be wrong.

``python -m api.configuration`` writes it anew; ``daftari configuration`` shows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Any, Final, get_args

from pydantic import AliasChoices, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from api.choices import LOCAL_ORIGINS, UNIT
from api.settings import Settings

PAGE: Final = Path(__file__).parent.parent / "deploy" / "configuration.md"
UNITS: Final = {
    "ms": "milliseconds",
    "s": "seconds",
    "minutes": "minutes",
    "hours": "hours",
    "days": "days",
    "years": "years",
    "bytes": "bytes",
    "percent": "percent",
}
"""By the last word of a setting's name."""

TYPES: Final = {bool: "true or false", int: "whole number", float: "number", Path: "path"}
HEAD: Final = """# Configuration

For whoever runs Daftari. Every process reads these variables from its environment, and from `.env` in its working folder,
once, when it starts. An empty variable is an unset one. Where two names are given, the first goes before the second. Secrets
belong into your platform's store of secrets, not into files that are shared. With `DAFTARI_ENVIRONMENT=production` a process
that would not be safe does not start, and tells all the reasons at once; `api/safety.py` lists them.

This page is written by `python -m api.configuration`; `daftari configuration` prints it.
"""


def reference() -> str:
    """The page: a table for each group of settings."""
    return HEAD + "".join(_table(group) for group in _groups())


def names_of(field: str) -> tuple[str, ...]:
    """The variables that a setting is read from, the one that goes first first."""
    alias = Settings.model_fields[field].validation_alias
    prefix = Settings.model_config.get("env_prefix", "")
    return tuple(map(str, alias.choices)) if isinstance(alias, AliasChoices) else (f"{prefix}{field}".upper(),)


def variable(told: str) -> str:
    """The variable that somebody means who tells a setting by its name or by one of its variables."""
    return names_of(told)[0] if told in Settings.model_fields else told


def is_secret(field: FieldInfo) -> bool:
    return SecretStr in (field.annotation, *get_args(field.annotation))


def _groups() -> Iterator[type[BaseSettings]]:
    for group in reversed(Settings.__mro__):
        if issubclass(group, BaseSettings) and group not in (BaseSettings, Settings):
            yield group


def _table(group: type[BaseSettings]) -> str:
    title = (group.__doc__ or "").partition(":")[0]
    rows = "".join(
        _row(name, Settings.model_fields[name]) for name in group.__annotations__ if name in Settings.model_fields
    )
    return f"\n## {title}\n\n| variable | is | unless said | what it does |\n|---|---|---|---|\n{rows}"


def _row(name: str, field: FieldInfo) -> str:
    names = "<br>".join(f"`{each}`" for each in names_of(name))
    return f"| {names} | {_kind(name, field)} | {_default(field)} | {field.description} |\n"


def _kind(name: str, field: FieldInfo) -> str:
    """The type with its bounds and unit, and whether it is a secret."""
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    parts = [_type(field), extra.get(UNIT) or UNITS.get(name.rsplit("_", 1)[-1])]
    text = ", ".join(str(part) for part in parts if part)
    bounds = " ".join(filter(None, map(_bound, field.metadata)))
    return text + (f" ({bounds})" if bounds else "") + (", **secret**" if is_secret(field) else "")


def _type(field: FieldInfo) -> str:
    kinds = [each for each in get_args(field.annotation) if each is not NoneType] or [field.annotation]
    kind: Any = kinds[0]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return " or ".join(f"`{each.value}`" for each in kind)
    return TYPES.get(kind, "amount" if kind.__name__ == "Decimal" else "text")


def _bound(rule: object) -> str | None:
    for attribute, sign in (("ge", "≥"), ("gt", ">"), ("le", "≤")):
        if hasattr(rule, attribute):
            return f"{sign} {getattr(rule, attribute)}"
    return None


def _default(field: FieldInfo) -> str:
    value = field.default
    if value in (None, ""):
        return "unset"
    if isinstance(value, SecretStr):
        return "one that everybody knows"
    if value == LOCAL_ORIGINS:
        return "localhost, ports 3000 and 5173"
    shown = value.value if isinstance(value, Enum) else str(value).lower() if isinstance(value, bool) else value
    return f"`{shown}`"


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")

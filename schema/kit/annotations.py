"""Annotations that are read once.

In these modules annotations are texts. Strawberry parses such a text, writes it anew and evaluates it, several times for
each field, which was a good part of what it cost to start a process. What a text means where it stands is looked up here as
Python does it; one that names something that is declared further below stays for Strawberry.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from types import ModuleType
from typing import Any


def read_annotations(declared: type | Callable[..., Any]) -> None:
    """Put in place of the annotations of a class or function what they mean."""
    module = sys.modules[declared.__module__]
    annotations = vars(declared).get("__annotations__", {}) if isinstance(declared, type) else declared.__annotations__
    for name, annotation in annotations.items():
        if isinstance(annotation, str):
            with suppress(NameError, AttributeError, TypeError):
                annotations[name] = _meaning(module, annotation)


@cache
def _meaning(module: ModuleType, text: str) -> Any:
    found = eval(text, vars(module))
    return type(None) if found is None else found

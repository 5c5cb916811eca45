"""How Python's collector of cycles is to treat the memory of a server."""

from __future__ import annotations

import gc
from typing import Final

THRESHOLDS: Final = (10_000, 20, 20)
"""An answer to a large query makes thousands of small objects, nearly all of which go without the collector. With Python's
own 700 it would look for cycles several times within each."""


def settle() -> None:
    """What was made until now stays as long as the process: modules, the schema, half a million objects. The collector does
    not go through them again, which would stop everything for a good part of a second, each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)

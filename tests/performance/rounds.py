"""How long is measured: so many rounds in which every server gets its turn, each of so many seconds.

Whoever only tries something out sets ``ROUNDS`` or ``SECONDS`` in the environment; what such a run finds is printed and
kept nowhere.
"""

from __future__ import annotations

import os
from typing import Final

ROUNDS: Final = int(os.environ.get("ROUNDS", "5"))
SECONDS: Final = float(os.environ.get("SECONDS", "2"))
ONLY_TRYING: Final = ROUNDS < 5 or SECONDS < 2

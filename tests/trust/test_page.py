"""The page of trust says what was kept, and everything that the suite tries."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.soak.figures import keep, kept
from tests.trust.page import PAGE, page
from tests.trust.recording import FIGURES, Record

MARK = re.compile(r'^@pytest\.mark\.fault\(\s*"([^"]+)"', re.MULTILINE)


def test_it_is_as_it_would_be_written_now() -> None:
    assert PAGE.read_text() == page(), "write it anew with: .venv/bin/python -m tests.trust"


def test_every_fault_that_is_tried_was_kept_and_no_other(repository: Path) -> None:
    kept = {name: set(told["faults"]) for name, told in json.loads(FIGURES.read_text()).items() if told["faults"]}
    tried = {}
    for file in sorted((repository / "tests").rglob("test_*.py")):
        found = set(MARK.findall(file.read_text()))
        if found:
            tried[str(file.relative_to(repository))] = found
    assert kept == tried, "keep them with: TRUST=1 pytest, and these files"


def test_a_run_keeps_what_its_tests_told_beside_what_others_did(tmp_path: Path) -> None:
    told = {"tests": 1, "failed": 0, "faults": [], "figures": {}, "examples": 7}
    file = tmp_path / "figures.json"
    file.write_text(json.dumps({"tests/trust/page.py": told, "tests/gone.py": told}))
    record = Record()
    record.of("tests/trust/test_page.py")["figures"]["acts"] = 3
    record.of("tests/trust/recording.py")
    record.keep(file)
    kept = json.loads(file.read_text())
    assert list(kept) == ["tests/trust/page.py", "tests/trust/test_page.py"], "what is gone or tells nothing is left out"
    assert kept["tests/trust/test_page.py"]["figures"] == {"acts": 3}


def test_of_each_length_one_soak_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    for minutes, cuts in ((3, 1), (30, 2), (3, 5)):
        keep({"minutes": minutes, "cuts": cuts}, file)
    assert kept(file) == [{"minutes": 30, "cuts": 2}, {"minutes": 3, "cuts": 5}]

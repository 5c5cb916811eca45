"""The catalogue of canonical operations: what each is for, what it demands and costs, and its id as a trusted document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from schema.contract.chapters import Chapter, Row, Table, code, codes
from schema.contract.operations import Operation, Prepare
from schema.pipeline.trusted import document_id

ABOUT = """\
The documents in `operations/`, one a file and named like it: copy one, or generate code from all of them. They are what
the tests, the app and GraphiQL's tabs use, and each has its id in `trusted-documents.json`. *Points* is what it costs
with the variables that lie beside it, or with none.
"""


def purpose(operation: Operation) -> str:
    """What the comment at the head of the file says."""
    lines = []
    for line in operation.text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# ").strip())
    return re.sub(r"\s+", " ", " ".join(lines)).strip()


def chapter(operations: Sequence[Operation], prepare: Prepare) -> Chapter:
    data = [_as_data(each, prepare) for each in operations]
    texts = {each.name: each.text for each in operations}
    rows = tuple(
        Row(
            f"operation-{each['name']}",
            (
                code(each["name"]),
                each["purpose"],
                each["room"],
                each["kind"],
                codes(each["permissions"]),
                f"{each['points']:,}",
            ),
            (("Document", texts[each["name"]]),),
        )
        for each in data
    )
    columns = ("operation", "what it is for", "room", "kind", "demands", "points")
    return Chapter("operations", "Operations", ABOUT, (Table("Documents", columns, rows, choose="room"),), data)


def _as_data(operation: Operation, prepare: Prepare) -> dict[str, Any]:
    prepared = prepare(operation.text)
    variables = prepared.variables(operation.variables)
    return {
        "name": operation.name,
        "kind": operation.kind,
        "room": operation.path.parent.name,
        "path": operation.path.as_posix(),
        "purpose": purpose(operation),
        "permissions": sorted({each.permission.value for each in prepared.requirements_with(variables)}),
        "points": prepared.price(variables),
        "documentId": document_id(operation.printed),
    }

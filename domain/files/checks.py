"""The invariants of files."""

from __future__ import annotations

from domain.kit.checks import Check, register

register(
    Check(
        "files",
        "every_file_has_its_bytes",
        "Each file has bytes, as many as are written down of it.",
        """select 'file ' || file.id || ' of ' || file.size_bytes || ' bytes has ' || coalesce(octet_length(content), 0)
           from stored_file file left join stored_file_content on file_id = file.id
           where octet_length(content) is distinct from file.size_bytes""",
    ),
)

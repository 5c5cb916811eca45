"""What changed since a release, and how the change log says it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from graphql import build_schema

from schema.contract.changelog import changelog, release
from schema.contract.changes import RELEASED, Weight, as_released, changes_between, read_release

BEFORE = '''
directive @requires(permission: P!) on FIELD_DEFINITION
enum P { ALL SOME }
"""
What is read,
by all.
"""
type Query {
  """One line."""
  a("Told." x: Int): String @requires(permission: SOME)
  b: Kind
  c: String
}
enum Kind { ONE TWO }
'''
AFTER = """
directive @requires(permission: P!) on FIELD_DEFINITION
enum P { ALL SOME }
type Query {
  a(x: Int, y: Int): String @requires(permission: ALL)
  c: String @deprecated(reason: "Use `a`. Goes on 2027-01-31.")
  d: String
}
enum Kind { ONE TWO THREE }
"""


def test_changes_are_weighed() -> None:
    found = changes_between(build_schema(BEFORE), build_schema(AFTER))
    assert [(each.weight.name, each.description) for each in found] == [
        ("BREAKING", "Field Query.b was removed."),
        ("DANGEROUS", "An optional argument Query.a(y:) was added."),
        ("DANGEROUS", "Enum value Kind.THREE was added."),
        ("DANGEROUS", "Query.a demands ALL instead of SOME."),
        ("SAFE", "Field Query.d was added."),
        ("SAFE", "Query.c is deprecated: Use `a`. Goes on 2027-01-31."),
    ]
    assert found[0].touches == ("Query.b",)


def test_descriptions_are_no_change_and_are_not_released(tmp_path: Path) -> None:
    text = as_released(BEFORE.replace('"Told." ', ""), "0.1.0", date(2026, 11, 21))
    assert '"""' not in text and "by all" not in text
    (tmp_path / RELEASED).write_text(text)
    released = read_release(tmp_path)
    assert (released.version, released.day) == ("0.1.0", date(2026, 11, 21))
    assert changes_between(released.schema, build_schema(BEFORE)) == []


def test_the_change_log_keeps_what_was_released() -> None:
    changes = changes_between(build_schema(BEFORE), build_schema(AFTER))
    old = "# Changes\n\n## Since 0.1.0\n\nold words\n\n## 0.1.0 (2026-11-21)\n\nThe first.\n"
    text = changelog(changes, {"Field Query.b was removed.": "It never worked."}, "0.1.0", old)
    assert "- Field Query.b was removed. It never worked.\n" in text
    assert text.endswith("## 0.1.0 (2026-11-21)\n\nThe first.\n") and "old words" not in text
    assert [text.index(f"### {weight.value}") for weight in Weight] == sorted(
        text.index(f"### {weight.value}") for weight in Weight
    )
    done = release(changes, {}, "0.2.0", date(2026, 12, 24), text)
    assert done.index("## Since 0.2.0") < done.index("Nothing breaks.") < done.index("## 0.2.0 (2026-12-24)")
    assert done.index("- Field Query.b was removed.\n") < done.index("## 0.1.0 (2026-11-21)")
    assert changelog([], {}, "0.2.0", done) == done

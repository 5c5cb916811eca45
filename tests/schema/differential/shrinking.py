"""Shrinking: of a case that fails, what is left when nothing more can be taken away; and how it reads in a test."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import Any, Final

from graphql import REMOVE, DocumentNode, Node, SelectionSetNode, Visitor, parse, print_ast, visit

from tests.schema.differential.documents import Case
from tests.schema.differential.proving import Scene
from tests.schema.differential.world import MOODS

MAX_TRIALS: Final = 200
_CHOSEN: Final = ("field", "inline_fragment", "fragment_spread", "directive", "argument", "operation_definition")

_EMPTY: Final = re.compile(r"[\w)]\s*\{\s*\}")

Fails = Callable[[Case, Scene], Awaitable[bool]]


async def shrunk(case: Case, scene: Scene, fails: Fails) -> tuple[Case, Scene]:
    """The smallest case that was found to fail as well, within so many trials."""
    trials, number = 0, 0
    while trials < MAX_TRIALS:
        if number >= _how_many(parse(case.text)):
            break
        for candidate in _smaller(case, number):
            trials += 1
            if await fails(candidate, scene):
                case = candidate
                break
        else:
            number += 1
    for mood in MOODS[: MOODS.index(scene.mood)]:
        if await fails(case, replace(scene, mood=mood)):
            return case, replace(scene, mood=mood)
    return case, scene


def _smaller(case: Case, number: int) -> Iterator[Case]:
    """The case without its number-th part, or with what that selects in its place."""
    document = parse(case.text)
    for change in (_WithoutOne(number), _Unwrapped(number)):
        made = _tidied(visit(document, change), case)
        if made is not None and made.text != print_ast(document):
            yield made


class _WithoutOne(Visitor):
    """Takes away one part of a document, the number-th on the way through it: large ones come before what is in them."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._left = number
        self.count = 0

    def enter(self, node: Node, *_: Any) -> Any:
        if node.kind not in _CHOSEN:
            return None
        self.count += 1
        self._left -= 1
        return REMOVE if self._left == -1 else None


class _Unwrapped(Visitor):
    """Puts what a fragment selects in its place, if the number-th part is one."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._left = number
        self._inner: Any = None

    def enter(self, node: Node, *_: Any) -> None:
        if node.kind in _CHOSEN:
            self._left -= 1
            if self._left == -1 and node.kind == "inline_fragment":
                self._inner = node

    def leave_selection_set(self, node: Any, *_: Any) -> Any:
        if not any(each is self._inner for each in node.selections):
            return None
        selections: list[Any] = []
        for each in node.selections:
            selections.extend(each.selection_set.selections if each is self._inner else [each])
        self._inner = None
        return SelectionSetNode(selections=tuple(selections))


def _how_many(document: DocumentNode) -> int:
    counter = _WithoutOne(-2)
    visit(document, counter)
    return counter.count


def _tidied(document: DocumentNode, case: Case) -> Case | None:
    """The case of what is left, without the fragments and variables that nobody uses; None when there is nothing."""
    try:
        text = print_ast(document)
        while True:
            document = parse(text)
            spread = set(re.findall(r"\.\.\.\s*(\w+)", text))
            used = set(re.findall(r"\$(\w+)(?!\w*\s*:)", re.sub(r"(?m)^(query|mutation|subscription).*?\{", "{", text)))
            tidy = print_ast(visit(document, _WithoutUnused(spread, used)))
            if tidy == text:
                break
            text = tidy
    except Exception:
        return None
    if _EMPTY.search(text):
        return None
    return replace(case, text=text, variables={key: value for key, value in case.variables.items() if key in used})


class _WithoutUnused(Visitor):
    def __init__(self, fragments: set[str], variables: set[str]) -> None:
        super().__init__()
        self._fragments = fragments
        self._variables = variables

    def enter_fragment_definition(self, node: Any, *_: Any) -> Any:
        return None if node.name.value in self._fragments else REMOVE

    def enter_variable_definition(self, node: Any, *_: Any) -> Any:
        return None if node.variable.name.value in self._variables else REMOVE


def as_test(case: Case, scene: Scene, fault: str) -> str:
    """The case as an entry of the table of those that were found."""
    compact = " ".join(case.text.split())
    return (
        f"    # {fault[:110]}\n"
        f"    Found(\n        {compact!r},\n        {case.variables!r},\n"
        f"        seed={scene.seed},\n        mood={scene.mood.name!r},\n        name={case.operation_name!r},\n    ),\n"
    )

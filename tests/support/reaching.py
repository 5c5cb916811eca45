"""Which functions a function may come to, read from the code: what it names, what that names in turn, and so on.

Names are followed through imports, through constants that hold functions, and from a class to its methods. What is awaited
of a value whose class the code does not tell (``purpose.apply(...)``) may be any function that was handed over by this name
when something was made: rather a way too many than one too few. Whoever names a queue comes to what works on it. What is
heard of an event is not followed.
"""

from __future__ import annotations

import ast
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef


class CodeMap:
    """The modules in some files, by the names by which they are imported."""

    def __init__(self, root: Path, files: Iterable[Path]) -> None:
        self.parts: dict[str, list[ast.AST]] = {}
        """What stands behind a full name: a function, or the values of a constant."""
        self._modules: dict[str, ast.Module] = {}
        self._bound: dict[str, dict[str, str]] = {}
        self._classes: dict[str, ast.ClassDef] = {}
        self._handed_over: dict[str, set[str]] = defaultdict(set)
        self._named: dict[str, frozenset[str]] = {}
        self._working_on: dict[str, set[str]] = defaultdict(set)
        calls: list[tuple[str, ast.Call]] = []
        for file in files:
            steps = file.relative_to(root).with_suffix("").parts
            module = ".".join(steps[:-1] if steps[-1] == "__init__" else steps)
            calls += [(module, call) for call in self._read(module, ast.parse(file.read_text()))]
        for module, call in calls:
            self._note_functions_of(module, call)
        for full, [part, *_] in list(self.parts.items()):
            self._note_queue_of(full, part)

    def way(self, start: str, end: Callable[[str], bool]) -> list[str]:
        """The shortest way from a function to one that is an end; empty if there is none."""
        assert start in self.parts, start
        before = {start: start}
        waiting = deque([start])
        while waiting:
            here = waiting.popleft()
            if end(here):
                way = [here]
                while way[-1] != start:
                    way.append(before[way[-1]])
                return way[::-1]
            for step in sorted(self._names_in(here) - before.keys()):
                before[step] = here
                waiting.append(step)
        return []

    def texts_of(self, full: str) -> Iterator[str]:
        """The texts that stand in a function or in a constant."""
        for part in self.parts[full]:
            for node in ast.walk(part):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value

    def _read(self, module: str, tree: ast.Module) -> Iterator[ast.Call]:
        self._modules[module] = tree
        bound = self._bound[module] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                bound.update({each.asname or each.name: f"{node.module}.{each.name}" for each in node.names})
            elif isinstance(node, ast.Import):
                bound.update({each.asname: each.name for each in node.names if each.asname})
                bound.update({first: first for each in node.names if not each.asname for first in [each.name.split(".")[0]]})
            elif isinstance(node, ast.Call):
                yield node
        for node in tree.body:
            if isinstance(node, Function | ast.ClassDef):
                bound[node.name] = f"{module}.{node.name}"
            if isinstance(node, Function):
                self.parts.setdefault(f"{module}.{node.name}", []).append(node)
            elif isinstance(node, ast.ClassDef):
                self._classes[f"{module}.{node.name}"] = node
                self.parts.update(
                    {f"{module}.{node.name}.{each.name}": [each] for each in node.body if isinstance(each, Function)}
                )
            elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    for name in ast.walk(target):
                        if isinstance(name, ast.Name):
                            bound[name.id] = f"{module}.{name.id}"
                            self.parts.setdefault(f"{module}.{name.id}", []).append(node.value)

    def _note_functions_of(self, module: str, call: ast.Call) -> None:
        """The functions that a call hands over, by the names under which what it makes has them."""
        named = [(each.arg, each.value) for each in call.keywords if each.arg]
        made = self._classes.get(self._meant(module, call.func) or "")
        if made is not None:
            fields = [
                each.target.id for each in made.body if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
            ]
            named += zip(fields, call.args, strict=False)
        for name, value in named:
            if isinstance(value, ast.Lambda):
                full = f"{module}.<lambda {value.lineno}:{value.col_offset}>"
                self.parts[full] = [value]
                self._handed_over[name].add(full)
            elif (full := self._meant(module, value) or "") in self.parts and isinstance(self.parts[full][0], Function):
                self._handed_over[name].add(full)

    def _note_queue_of(self, full: str, part: ast.AST) -> None:
        for decorator in part.decorator_list if isinstance(part, Function) else ():
            if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "queued":
                self._working_on[self._meant(self._module_of(full), decorator.args[0]) or ""].add(full)

    def _module_of(self, full: str) -> str:
        while full not in self._modules:
            full = full.rpartition(".")[0]
        return full

    def _names_in(self, full: str) -> frozenset[str]:
        if full not in self._named:
            module = self._module_of(full)
            named = frozenset(name for part in self.parts[full] for name in self._names_of(module, part))
            self._named[full] = named.union(*(self._working_on[queue] for queue in named & self._working_on.keys()))
        return self._named[full]

    def _names_of(self, module: str, part: ast.AST) -> Iterator[str]:
        nodes = [node for each in (part.body if isinstance(part, Function) else [part]) for node in ast.walk(each)]
        awaited = {node.value.func for node in nodes if isinstance(node, ast.Await) and isinstance(node.value, ast.Call)}
        for node in nodes:
            if not isinstance(node, ast.Name | ast.Attribute):
                continue
            meant = self._meant(module, node)
            if meant in self.parts:
                yield meant
            elif meant in self._classes:
                yield from self._methods_of(meant)
            elif isinstance(node, ast.Attribute) and meant is None and node in awaited:
                yield from self._handed_over.get(node.attr, ())

    def _methods_of(self, name: str) -> Iterator[str]:
        made = self._classes[name]
        yield from (f"{name}.{each.name}" for each in made.body if isinstance(each, Function))
        for base in made.bases:
            above = self._meant(name.rpartition(".")[0], base)
            if above in self._classes:
                yield from self._methods_of(above)

    def _meant(self, module: str, node: ast.AST) -> str | None:
        """The full name of what a name or an attribute means; None of a value whose class is not told."""
        if isinstance(node, ast.Name):
            return self._defined(self._bound[module].get(node.id))
        if isinstance(node, ast.Attribute):
            owner = self._meant(module, node.value)
            return None if owner is None or owner in self.parts else self._defined(f"{owner}.{node.attr}")
        return None

    def _defined(self, full: str | None) -> str | None:
        """Where something is defined that a package gives out."""
        while full is not None and full not in self.parts and full not in self._classes and full not in self._modules:
            owner, _, name = full.rpartition(".")
            there = self._bound.get(owner, {}).get(name)
            if there is None or there == full:
                break
            full = there
        return full

"""What a compiled function calls while it runs: reading, calling, loading and waiting, a level at a time."""

from __future__ import annotations

from asyncio import Task, create_task, gather
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Any

from graphql import Undefined
from graphql.pyutils import is_awaitable

from domain.kit.reading import ColumnNotRead, Source, Wanted
from schema.compiled.leaves import leaf, null_error
from schema.compiled.marks import Failure, Pending
from schema.compiled.picture import How, Picked, Selection
from schema.compiled.rows import PLAIN, is_row_class, remember
from schema.compiled.texts import object_written
from schema.compiled.variables import Values
from schema.kit.context import Context
from schema.kit.loaders import MAX_BATCH, Load, wants_actor

Loaded = Mapping[Any, Any] | Failure
_NONE: tuple[Any, ...] = ()


class LightInfo:
    """The ``info`` of resolvers in compiled operations: who asks and what is asked of, and no more."""

    __slots__ = ("context", "schema")

    def __init__(self, context: Context | NarrowContext, schema: Any) -> None:
        self.context = context
        self.schema = schema


class NarrowContext:
    """The context for a resolver that answers what it loads: only what will be looked at is read of it."""

    __slots__ = ("_context", "_wanted")

    def __init__(self, context: Context, wanted: Wanted) -> None:
        self._context = context
        self._wanted = wanted

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    async def load(self, load: Load[Any, Any], key: Any) -> Any:
        if not isinstance(load, Source) or key is None:
            return await self._context.load(load, key)
        return (await load.read(self._context.actor, [key], self._wanted)).get(key)

    async def load_many(self, load: Load[Any, Any], key: Any) -> Any:
        if not isinstance(load, Source):
            return await self._context.load_many(load, key)
        return (await load.read(self._context.actor, [key], self._wanted)).get(key) or _NONE


class Run:
    """One run of a compiled operation. ``narrow`` says that rows may come without the columns that nobody looks at."""

    __slots__ = ("context", "failures", "info", "kinds", "loaded", "narrow", "promises", "values")

    def __init__(self, context: Context, schema: Any, values: Values, *, narrow: bool) -> None:
        self.context = context
        self.narrow = narrow
        self.info = LightInfo(context, schema)
        self.values = values
        self.failures = 0
        self.loaded: dict[Any, Mapping[Any, Any]] = {}
        """What was loaded for relations, by load."""
        self.promises: list[Pending] = []
        self.kinds: list[tuple[list[Any], list[Any]]] = []
        """Objects that were shown behind an interface or a union, and the names of their types."""

    def info_for(self, wanted: Wanted) -> LightInfo:
        """The ``info`` of a resolver that answers rows of which only these attributes will be looked at."""
        return LightInfo(NarrowContext(self.context, wanted), self.info.schema) if self.narrow else self.info

    def failed(self, error: Exception, *, waited: bool = False) -> Failure:
        """What stands where a value would, had there not been ``error``. That a column was not read is no answer: the
        operation is run again with all of them."""
        if self.narrow and isinstance(error, ColumnNotRead):
            raise error
        self.failures += 1
        return Failure(error, waited=waited)

    def promised(self, pending: Pending) -> Pending:
        self.promises.append(pending)
        return pending


def read_all(rows: Sequence[Any], read: Callable[[Any], Any], run: Run) -> list[Any]:
    """An attribute of every row."""
    try:
        return list(map(read, rows))
    except Exception:
        return [_read(row, read, run) for row in rows]


def _read(row: Any, read: Callable[[Any], Any], run: Run) -> Any:
    try:
        return read(row)
    except Exception as error:
        return run.failed(error)


def call_all(rows: Sequence[Any], call: Callable[[Any], Any], arguments: Any, run: Run) -> list[Any]:
    """What a resolver answers to every row: a value, or the promise of one."""
    if isinstance(arguments, Failure):
        return [arguments] * len(rows)
    answers = []
    for row in rows:
        try:
            answers.append(call(row))
        except Exception as error:
            answers.append(run.failed(error))
    return answers


async def fetch_with_resolvers(load: Load[Any, Any], keys_of_fields: Sequence[list[Any]], run: Run) -> Mapping[Any, Any]:
    """As :func:`fetch`, together with the resolvers that load the same."""
    keys = dict.fromkeys(key for keys in keys_of_fields for key in keys if not (key is None or isinstance(key, Failure)))
    loader = run.context.loaders.get(load)
    found = await gather(*(loader.load(key) for key in keys), return_exceptions=True)
    return dict(zip(keys, found, strict=True))


async def fetch(load: Load[Any, Any], keys_of_fields: Sequence[list[Any]], wanted: Wanted, run: Run) -> Mapping[Any, Any]:
    """What ``load`` has for all keys of the fields of a level that use it.

    Its rows have the attributes that are ``wanted`` of them on any level, so that none is fetched twice.
    """
    keys = list(dict.fromkeys(key for keys in keys_of_fields for key in keys if key is not None))
    if run.failures:
        keys = [key for key in keys if not isinstance(key, Failure)]
    known = run.loaded.get(load)
    if known:
        keys = [key for key in keys if key not in known]
    found: Mapping[Any, Any] = {}
    if len(keys) <= MAX_BATCH:
        found = await _loaded(load, keys, wanted, run) if keys else {}
    else:
        for start in range(0, len(keys), MAX_BATCH):
            found = {**found, **await _loaded(load, keys[start : start + MAX_BATCH], wanted, run)}
    run.loaded[load] = found = {**known, **found} if known else found
    return found


def _loaded(load: Any, keys: list[Any], wanted: Wanted, run: Run) -> Awaitable[Mapping[Any, Any]]:
    actor = run.context.actor
    if isinstance(load, Source):
        return load.read(actor, keys, wanted if run.narrow else None)
    found: Awaitable[Mapping[Any, Any]] = load(actor, keys) if wants_actor(load) else load(keys)
    return found


def found_one(loaded: Loaded, keys: list[Any], run: Run) -> list[Any]:
    """What was loaded for each key, None where that is nothing."""
    if run.failures:
        return [_found(loaded, key) for key in keys]
    return list(map(loaded.get, keys))  # type: ignore[union-attr]


def found_many(loaded: Loaded, keys: list[Any], run: Run) -> list[Any]:
    """The rows of each key, none where there are none."""
    if run.failures:
        return [_found(loaded, key) or _NONE for key in keys]
    get = loaded.get  # type: ignore[union-attr]
    return [get(key) or _NONE for key in keys]


def _found(loaded: Loaded, key: Any) -> Any:
    if key is None or isinstance(key, Failure):
        return key
    return loaded if isinstance(loaded, Failure) else loaded.get(key)


async def together(run: Run, loads: Sequence[Coroutine[Any, Any, Any]], *answers: list[Any]) -> list[Any]:
    """Wait for all that a level loads, and for whatever its resolvers promised in ``answers``, where it is put then."""
    places = [(each, index) for each in answers for index, value in enumerate(each) if not _is_value(value)]
    settled = await _settle([*loads, *(each[index] for each, index in places)], run)
    for (each, index), value in zip(places, settled[len(loads) :], strict=True):
        each[index] = value
    return settled[: len(loads)]


def _is_value(value: Any) -> bool:
    return type(value) in PLAIN or value.__class__ is str or not is_awaitable(value)


async def _settle(awaitables: Sequence[Awaitable[Any]], run: Run) -> list[Any]:
    """The value of each, or its failure. They run side by side, the first of them in the caller's own task."""
    if len(awaitables) < 2:
        return [await _settled(each, run) for each in awaitables]
    first, *others = awaitables
    tasks: list[Task[Any]] = [create_task(_settled(each, run)) for each in others]
    try:
        found = [await _settled(first, run)]
        for task in tasks:
            found.append(await task)
        return found
    except BaseException:
        for task in tasks:
            task.cancel()
        await gather(*tasks, return_exceptions=True)
        raise


async def _settled(awaitable: Awaitable[Any], run: Run) -> Any:
    try:
        return await awaitable
    except Exception as error:
        return run.failed(error, waited=True)


async def keep_promises(data: Any, run: Run) -> Any:
    """The answer with the values of what its attributes promised, which hardly any do."""
    while run.promises:
        promises, run.promises = run.promises, []
        settled = await _settle([each.awaitable for each in promises], run)
        for pending, value in zip(promises, settled, strict=True):
            pending.value = pending.complete(value)
    return _kept(data)


def _kept(value: Any) -> Any:
    while isinstance(value, Pending):
        value = value.value
    if value.__class__ is dict:
        for key, each in value.items():
            value[key] = _kept(each)
    elif value.__class__ is list:
        value[:] = [_kept(each) for each in value]
    return value


def merged(rows: Sequence[Any], kinds: list[Any], made: Mapping[str, list[Any]], picked: Picked, run: Run) -> list[Any]:
    """The objects of several types in the order of their rows. Those of types without a group are made here."""
    following = {kind: iter(objects) for kind, objects in made.items()}
    objects: list[Any] = []
    for row, kind in zip(rows, kinds, strict=True):
        if isinstance(kind, Failure):
            objects.append(kind)
        elif kind in following:
            objects.append(next(following[kind]))
        else:
            type_: Any = picked.picture.schema.get_type(kind)
            objects.append(one_by_one(row, picked.inside(type_), _NONE, run))
    run.kinds.append((objects, kinds))
    return objects


def one_by_one(row: Any, selection: Selection, below: Sequence[Any], run: Run) -> Any:
    """The object of a row of which something cannot be read: field by field, so that the others can be. Unless it was read
    with texts, unlike the rows beside it.

    ``below`` are the values of the fields that are not written on the spot, in their order.
    """
    written = object_written(row, selection, below)
    if written is not None:
        return written
    others = iter(below)
    return {each.key: _plain_value(row, each, run) if each.is_plain else next(others) for each in selection.fields}


def _plain_value(row: Any, picked: Picked, run: Run) -> Any:
    if picked.how is How.TYPENAME:
        return picked.parent.name
    assert picked.definition.resolve is not None
    try:
        value = picked.definition.resolve(row, None)
    except Exception as error:
        return run.failed(error)
    return leaf(value, picked, run) if picked.is_leaf else nested(value, picked, run)


def nested(value: Any, picked: Picked, run: Run, *, kept: bool = False) -> Any:
    """The object of a field that is written into the object around it, whatever the field was answered.

    ``kept`` says that a promise was kept, of which graphql-core awaits but one.
    """
    if isinstance(value, Failure):
        return value
    if isinstance(value, Exception):
        return run.failed(value)
    if is_row_class(type(value)):
        remember(type(value))
    elif is_awaitable(value) and not kept:
        return run.promised(Pending(value, lambda found: nested(found, picked, run, kept=True)))
    if value is None or value is Undefined:
        return run.failed(null_error(picked)) if picked.is_required else None
    return one_by_one(value, picked.only, _NONE, run)

"""Passwords: hashed and checked with Argon2id, in threads of their own so that the event loop never waits for them."""

from __future__ import annotations

import asyncio
import os
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeVar, TypeVarTuple, Unpack

from pwdlib.hashers.argon2 import Argon2Hasher

from domain.identity import settings
from domain.identity.rules import MAX_PASSWORD_LENGTH

T = TypeVar("T")
A = TypeVarTuple("A")

# Each hash takes one core and 19 MiB for some 40 ms, so more threads than cores only add memory.
_threads: Final = ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1), thread_name_prefix="argon2")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a password is right; ``outdated`` when its hash was made with other costs than today's."""

    right: bool
    outdated: bool = False


async def hash_password(password: str) -> str:
    return await _in_thread(_hasher().hash, _bytes(password))


async def check(password: str, expected: str | None) -> Verdict:
    """Compare with the stored hash. Without one (nobody has that address) it takes the same work and says no, so that
    the time to an answer does not tell who is registered."""
    password_bytes = _bytes(password[:MAX_PASSWORD_LENGTH])
    hasher = _hasher()
    hashed = expected if expected is not None else await _in_thread(_nobodys_hash, hasher)
    matches = await _in_thread(hasher.verify, password_bytes, hashed)
    right = matches and expected is not None and len(password) <= MAX_PASSWORD_LENGTH
    return Verdict(right, outdated=right and hasher.check_needs_rehash(hashed))


def _bytes(password: str) -> bytes:
    """The same password typed on two keyboards may come in two forms of Unicode; both are the same bytes here."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def _hasher() -> Argon2Hasher:
    chosen = settings.current()
    return _hasher_with(chosen.argon2_memory_kib, chosen.argon2_passes)


@cache
def _hasher_with(memory_kib: int, passes: int) -> Argon2Hasher:
    return Argon2Hasher(memory_cost=memory_kib, time_cost=passes, parallelism=1)


@cache
def _nobodys_hash(hasher: Argon2Hasher) -> str:
    return hasher.hash(os.urandom(16))


async def _in_thread(function: Callable[[Unpack[A]], T], *args: *A) -> T:
    return await asyncio.get_running_loop().run_in_executor(_threads, function, *args)

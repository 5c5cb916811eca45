"""Sources answer many keys in one statement: for whom, in which order and with which columns, their declaration says."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

import pytest
from tortoise.expressions import Q

from domain.kit.ids import new_id
from domain.kit.reading import ColumnNotRead, Wanted, read, rows_by_id, rows_of, source
from domain.kit.snapshots import freeze, thaw
from domain.lending.models import Loan
from schema.kit.loaders import wants_actor
from tests.support.imagined import imagined_rows
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")


class Reader:
    """Somebody who may read, or not, and sees the loans in some currencies."""

    def __init__(self, *currencies: str, may: bool = True) -> None:
        self.currencies = currencies
        self._may = may

    def may(self, permission: object) -> bool:
        assert permission == "reading"
        return self._may


def seen(reader: Reader) -> Q | None:
    return Q(currency__in=reader.currencies) if reader.currencies else None


ALL = Reader("KES", "JPY", "BHD")
by_id = rows_by_id(Loan, seen, permission="reading")
by_number = rows_by_id(Loan, column="number")
of_currency = rows_of(Loan, "currency", order=("-number", "id"))


async def test_rows_are_found_by_their_keys() -> None:
    async with imagined_rows(Loan):
        loans = {loan.id: loan for loan in await Loan.all()}
        keys = [*loans, new_id()]
        with statements() as asked:
            found = await by_id(ALL, keys)
        assert found == loans and len(asked) == 1
        assert await by_number(ALL, [loan.number for loan in loans.values()]) == {
            each.number: each for each in loans.values()
        }
        groups = await of_currency(ALL, ["KES", "JPY", "BHD", "XXX"])
        assert sum(map(len, groups.values())) == 5 and "XXX" not in groups
        for currency, rows in groups.items():
            assert rows == await Loan.filter(currency=currency).order_by("-number", "id")


async def test_nobody_gets_what_they_do_not_see() -> None:
    async with imagined_rows(Loan):
        ids = [loan.id for loan in await Loan.all()]
        for currency in ALL.currencies:
            found = await by_id(Reader(currency), ids)
            assert set(found) == {loan.id for loan in await Loan.filter(currency=currency)}
        with statements() as asked:
            assert await by_id(Reader("KES", may=False), ids) == {} == await by_id(Reader(), ids)
            assert await by_id(ALL, []) == {} == await of_currency(ALL, [])
        assert asked == []


async def test_no_more_is_read_than_is_wanted() -> None:
    async with imagined_rows(Loan):
        [loan] = await Loan.all().limit(1)
        row = (await by_id.read(ALL, [loan.id], frozenset({"requested_principal"})))[loan.id]
        assert row.requested_principal == loan.requested_principal
        with pytest.raises(ColumnNotRead):
            row.number  # noqa: B018
        grouped = (await of_currency.read(ALL, [loan.currency], frozenset({"number"})))[loan.currency]
        assert grouped[0].currency == loan.currency, "the key that rows are grouped by is always read"


async def test_a_function_can_be_a_source() -> None:
    told: list[Wanted] = []

    @source
    async def doubled(actor: Reader, keys: Collection[int], wanted: Wanted) -> dict[int, int]:
        """Twice as much."""
        told.append(wanted)
        return {key: 2 * key for key in keys}

    assert await doubled(ALL, [1, 2]) == {1: 2, 2: 4} and doubled.__doc__ == "Twice as much."
    assert await doubled.read(ALL, [3], frozenset({"x"})) == {3: 6}
    assert told == [None, {"x"}]
    assert wants_actor(doubled) and wants_actor(by_id)


async def test_a_row_in_a_result_is_remembered_as_its_model() -> None:
    async with imagined_rows(Loan):
        [row], [model] = await read(Loan.all().limit(1)), await Loan.all().limit(1)
        image: Any = freeze(row)
        assert image == freeze(model)
        again = thaw(image)
        assert type(again) is Loan and again == model and isinstance(again.id, UUID)

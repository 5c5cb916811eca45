"""Reading what is only shown: rows instead of models, declared sources, and statements that are written once.

:mod:`~domain.kit.reading.rows` says what a row is, :mod:`~domain.kit.reading.sources` how a read is declared,
:mod:`~domain.kit.reading.statements` how it is asked, and :mod:`~domain.kit.reading.needs` which columns it takes. Who wants
to change something reads models, with Tortoise.
"""

from domain.kit.reading.needs import attributes_read_by
from domain.kit.reading.rows import ColumnNotRead, ReadOnly
from domain.kit.reading.shapes import RowsWith, lasting
from domain.kit.reading.shown import Form, Shown, Wanted, Written, attributes_in, place_of
from domain.kit.reading.sources import RowsById, RowsOf, Source, rows_by_id, rows_of, source
from domain.kit.reading.statements import count, read, read_one, read_part, where

__all__ = [
    "ColumnNotRead",
    "Form",
    "ReadOnly",
    "RowsById",
    "RowsOf",
    "RowsWith",
    "Shown",
    "Source",
    "Wanted",
    "Written",
    "attributes_in",
    "attributes_read_by",
    "count",
    "lasting",
    "place_of",
    "read",
    "read_one",
    "read_part",
    "rows_by_id",
    "rows_of",
    "source",
    "where",
]

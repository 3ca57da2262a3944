"""A column is declared once, with its unit and meaning, beside what fills it; nothing half-declared becomes a table."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, NamedTuple

import pytest
from carousel.history.columns import Cents, Column, ColumnType, columns_of
from carousel.history.kinds import LendingKind
from carousel.history.recorder import observe
from carousel.history.table import Rhythm, table_of_columns, table_of_rows
from carousel.history.tables import TABLES
from carousel.model import CarouselModel


class Priced(NamedTuple):
    """Prices of the day."""

    name: Annotated[str, "-", "what it is"]
    price_cents: Annotated[Cents, "what it costs"]
    yield_per_year: Annotated[float | None, "1/year", "what it yields; null without a price"]


def test_the_fields_of_a_row_class_are_the_columns():
    assert columns_of(Priced) == (
        Column("name", ColumnType.TEXT, "-", "what it is"),
        Column("price_cents", ColumnType.INTEGER, "US cents", "what it costs"),
        Column("yield_per_year", ColumnType.NUMBER, "1/year", "what it yields; null without a price"),
    )


def test_a_table_says_what_its_row_class_says_and_begins_with_day_and_date():
    table = table_of_rows("prices", Priced, lambda model: [])
    assert table.meaning == "prices of the day"
    assert table.names == ("day", "date", "name", "price_cents", "yield_per_year")


@pytest.mark.parametrize(
    "held",
    [int, Annotated[int, "US cents"], Annotated[list, "-", "no type of a column"], Annotated[int | str, "-", "two"]],
)
def test_a_field_that_does_not_say_type_unit_and_meaning_is_refused(held):
    planted = type("Planted", (tuple,), {"__annotations__": {"cents": held}})
    with pytest.raises(TypeError, match=r"Planted\.cents is .*; allowed: Annotated"):
        table_of_rows("planted", planted, lambda model: [])


def test_a_column_that_nothing_fills_is_refused():
    with pytest.raises(TypeError, match="table planted: nothing fills cents"):
        table_of_columns("planted", [Column("cents", ColumnType.INTEGER, "US cents", "amount")], "planted", None)


def test_a_row_class_cannot_be_filled_without_a_column():
    with pytest.raises(TypeError, match="price_cents"):
        Priced(name="bread", yield_per_year=None)


def test_a_field_of_few_values_names_them():
    said = {"__annotations__": {"kind": Annotated[LendingKind, "-", "what it is"]}}
    (column,) = columns_of(type("Lent", (tuple,), said))
    assert (column.type, column.values) == (ColumnType.TEXT, ("loan", "guarantee"))


def test_a_table_can_be_narrowed_to_some_columns_and_keeps_its_stamp():
    assert TABLES["firms"].only(["cash_cents"]).names == ("day", "date", "cash_cents")


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_column_of_every_table_says_what_it_is(table):
    assert table.meaning
    assert table.meaning[0].islower()
    assert len(set(table.names)) == len(table.names)
    for column in table.columns:
        assert column.unit
        assert column.meaning
        if column.name.endswith("_cents"):
            assert column.unit.startswith("US cents")
    for column in table.filled:
        assert (column.fill is None) == (table.rows is not None)


def test_tables_are_written_in_their_rhythm():
    """43 days: every day, or on days 0, 21, 42 and the last, or on the first and the last, or once after it."""
    model = CarouselModel("vendor-loans", rng=0, days=43, holders=300)
    recorder = observe(model)
    while model.running:
        model.step()
    recorder.finish()
    written = recorder.sink.tables()
    days = {
        Rhythm.DAILY: list(range(44)),
        Rhythm.WEEKLY: [*range(0, 44, 5), 43],
        Rhythm.MONTHLY: [0, 21, 42, 43],
        Rhythm.QUARTERLY: [0, 43],
    }
    rhythms = Counter(t.rhythm for t in TABLES.values())
    assert rhythms == {Rhythm.DAILY: 19, Rhythm.WEEKLY: 1, Rhythm.MONTHLY: 5, Rhythm.QUARTERLY: 2, Rhythm.AT_END: 1}
    for name, table in TABLES.items():
        if not (table.is_flow or table.is_on_request or name == "origins"):
            assert sorted(written[name]["day"].unique()) == days[table.rhythm], name
    assert written["announcements"]["number"].is_unique

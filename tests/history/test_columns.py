"""A column is declared once, with its unit and meaning, beside what fills it; nothing half-declared becomes a table."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, NamedTuple

import pytest
from carousel.history.blocks import Pending
from carousel.history.columns import Cents, Column, ColumnType, Rhythm, columns_of, table_of_columns, table_of_rows
from carousel.history.recorder import observe
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
        table_of_columns("planted", [Column("cents", ColumnType.INTEGER, "US cents", "amount")], "planted")


def test_a_row_class_cannot_be_filled_without_a_column():
    with pytest.raises(TypeError, match="price_cents"):
        Priced(name="bread", yield_per_year=None)


def test_what_is_pending_is_taken_once():
    pending = Pending(table_of_rows("prices", Priced, lambda model: []))
    pending.add_rows([Priced("bread", 300, None)], 4, 20_000)
    pending.add_rows([], 5, 20_001)
    pending.add_rows([Priced("milk", 100, 0.5), Priced("salt", 50, 0.1)], 6, 20_002)
    block = pending.take()
    assert block["day"].tolist() == [4, 6, 6]
    assert block["date"].tolist() == [20_000, 20_002, 20_002]
    assert block["name"] == ["bread", "milk", "salt"]
    assert pending.take() is None


def test_tables_are_written_in_their_rhythm():
    """43 days: every day, or on days 0, 21, 42 and the last, or once after it."""
    model = CarouselModel("vendor-loans", rng=0, days=43, holders=50)
    recorder = observe(model)
    while model.running:
        model.step()
    recorder.finish()
    written = recorder.sink.tables()
    days = {Rhythm.DAILY: list(range(44)), Rhythm.MONTHLY: [0, 21, 42, 43]}
    row_tables = [t for t in TABLES.values() if t.rows is not None]
    assert Counter(t.rhythm for t in row_tables) == {Rhythm.DAILY: 6, Rhythm.MONTHLY: 4, Rhythm.AT_END: 1}
    for table in row_tables:
        if table.name in ("daily", "firms", "investors", "households", "commitments", "loans", "positions"):
            assert sorted(written[table.name]["day"].unique()) == days[table.rhythm], table.name
    assert written["announcements"]["number"].is_unique

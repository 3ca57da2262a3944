"""The recording: one digest for one history, whatever is kept of it; nothing wrong gets in silently."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from carousel.history import recorder
from carousel.history import table as tables_of
from carousel.history.choice import Choice
from carousel.history.crowd import SAMPLED, sampled_rows
from carousel.history.recorder import Recorder, observe
from carousel.history.sinks import MemorySink, ParquetSink, read_tables
from carousel.history.tables import TABLES
from carousel.ledger.slices import LAPS
from carousel.model import CarouselModel
from carousel.narrative.chronicle import Happening

CHOICES = {
    "everybody, fills, a panel": Choice(also=("holders_changed", "fills"), panel=20),
    "one column": Choice(keep=("firms.cash_cents",)),
    "one firm": Choice(agents=("NVIDIA",), also=("holders_changed",)),
    "some days": Choice(first_day=3, last_day=9, every_days=2, also=("holders_changed",)),
}


def world(days=12, holders=250):
    return CarouselModel("ai-2025", days=days, holders=holders, rng=5)


def recorded(model, sink=None, choice=None, **options):
    made = Recorder(model, sink, choice, **options)
    model.observers.append(made)
    while model.running:
        model.step()
    return made.finish(), made


@pytest.fixture(scope="module")
def digest():
    """Of a run that nobody keeps anything of."""
    return recorded(world())[0]


@pytest.mark.parametrize("block_days", [1, 5, 12, 13, 1000])
def test_the_digest_does_not_depend_on_blocks(digest, block_days):
    assert recorded(world(), block_days=block_days)[0] == digest
    assert len(digest) == 64


@pytest.mark.parametrize("choice", CHOICES.values(), ids=CHOICES)
def test_digest_chain_and_what_the_answer_reads_do_not_depend_on_the_choice(digest, choice, tmp_path):
    found, kept = recorded(world(), MemorySink(), choice)
    assert found == digest
    found, whole = recorded(world(), ParquetSink(tmp_path))
    assert found == digest
    assert kept.chain == whole.chain
    for name, table in TABLES.items():
        if table.is_digested:
            pd.testing.assert_frame_equal(kept.tables()[name], whole.tables()[name])


@pytest.mark.parametrize("choice", CHOICES.values(), ids=CHOICES)
def test_a_run_is_the_same_whatever_is_kept(choice):
    alone, watched = world(), world()
    while alone.running:
        alone.step()
    recorded(watched, MemorySink(), choice)
    for model in (alone, watched):
        model.state = model.books.export_state() | model.cast.holders.arrays()
    assert alone.state.keys() == watched.state.keys()
    assert all((alone.state[name] == watched.state[name]).all() for name in alone.state)


@pytest.mark.parametrize("spoil", ["cents", "origin", "event", "holder", "price"])
def test_the_digest_changes_with_any_single_thing(spoil):
    model = world()

    def look(model):
        if model.clock.day == 5:
            entries, slices = model.books.last.entries, model.books.last.slices[model.books.headline_rule]
            if spoil == "cents":
                entries[0, 3] += 1
            if spoil == "origin":
                slices.cells[0] += LAPS
            if spoil == "event":
                model.chronicle.note(Happening.DEFAULT, agent="OpenAI")
            if spoil == "holder":
                model.cast.holders.cash_cents[sampled_rows(5, 250, SAMPLED)[3]] += 1
                model.cast.holders.seal[0] = 0
            if spoil == "price":
                model.prices.price_cents[0] += 1
            model.running = False

    model.observers.append(look)
    changed, _ = recorded(model)
    alone = world()
    alone.observers.append(lambda m: setattr(m, "running", m.clock.day < 5))
    assert changed != recorded(alone)[0]


def links(planted_on=None, what=None):
    """The chain of a run of 43 days in which something was changed at the end of a day, which then was the last."""
    model = world(days=43)

    def look(model):
        if model.clock.day == planted_on:
            if what == "entry":
                model.books.last.entries[0, 3] += 1
            if what == "household":
                model.cast.holders.state[7] = (model.cast.holders.state[7] + 1) % 3
            model.running = False

    model.observers.append(look)
    return recorded(model)[1].chain


@pytest.mark.parametrize(
    ("day", "what", "is_seen"), [(20, "entry", True), (20, "household", False), (21, "household", True)]
)
def test_the_chain_parts_on_the_day_on_which_two_histories_part(day, what, is_seen):
    """Payments and prices daily, households monthly."""
    plain, other = links(), links(day, what)
    assert len(plain) == len(set(plain)) == 44
    assert {len(link) for link in plain} == {16}
    assert other[:day] == plain[:day]
    assert (other[day] != plain[day]) == is_seen


def test_texts_are_hashed_with_their_borders():
    one, two = world(), world()
    one.chronicle.note(Happening.LATE, agent="ab", counterparty="c")
    two.chronicle.note(Happening.LATE, agent="a", counterparty="bc")
    assert Recorder(one).digest() != Recorder(two).digest()


def test_memory_and_files_hold_the_same_history(tmp_path):
    memory, files = MemorySink(), ParquetSink(tmp_path)
    recorded(world(), memory, CHOICES["everybody, fills, a panel"])
    recorded(world(), files, CHOICES["everybody, fills, a panel"], block_days=5)
    for name in TABLES:
        pd.testing.assert_frame_equal(memory.tables()[name], files.tables()[name])
        pd.testing.assert_frame_equal(read_tables(tmp_path)[name], files.tables()[name])


def test_missing_numbers_stay_missing_and_missing_texts_are_empty():
    model = CarouselModel("ai-2025", rng=0, days=130, holders=300)
    tables = recorded(model, MemorySink())[1].tables()
    labs = tables["announcements"][tables["announcements"]["firm"] == "OpenAI"]
    assert len(labs)
    assert labs[["day0_return", "value_gained_cents"]].isna().all().all()
    assert (tables["events"]["counterparty"] == "").any()


def test_the_sample_of_holders_is_fixed_ascending_and_keyed():
    rows = sampled_rows(1, 10_000_000, 100)
    assert len(set(rows.tolist())) == 100
    assert (np.diff(rows) > 0).all()
    assert 0 <= rows[0] < 100_000
    assert rows[-1] >= 9_900_000
    assert (sampled_rows(1, 10_000_000, 100) == rows).all()
    assert (sampled_rows(2, 10_000_000, 100) != rows).any()
    assert sampled_rows(1, 7, 100).tolist() == list(range(7))


def test_a_row_of_the_wrong_width_is_refused():
    with pytest.raises(ValueError, match="table events: a row has 2 values; allowed: 5"):
        tables_of.columns_of_rows(TABLES["events"], [("default", "OpenAI")])


def test_money_with_a_fraction_is_refused():
    with pytest.raises(TypeError, match=r"given 0\.5"):
        tables_of.columns_of_rows(TABLES["events"], [("default", "OpenAI", "", 0.5, "")])


def test_blocks_of_no_days_are_refused():
    with pytest.raises(ValueError, match="block_days is 0; allowed"):
        Recorder(world(), block_days=0)


def test_a_recording_is_finished_once():
    made = recorded(world(days=2))[1]
    with pytest.raises(RuntimeError, match="finished"):
        made.finish()


def test_large_groups_of_rows_are_cut_and_read_back_whole(tmp_path, monkeypatch):
    monkeypatch.setattr("carousel.history.sinks.GROUP_ROWS", 300)
    whole = recorded(world(), MemorySink())[1].tables()
    recorded(world(), ParquetSink(tmp_path), block_days=2)
    assert pq.ParquetFile(tmp_path / "journal.parquet").num_row_groups > 1
    pd.testing.assert_frame_equal(read_tables(tmp_path)["journal"], whole["journal"])


def test_the_days_of_a_large_crowd_are_handed_on_early(monkeypatch):
    monkeypatch.setattr(recorder, "HOLDER_DAYS_MAX", 1000)
    made = observe(world(), None, Choice(also=("holders_changed",)))
    assert made._block_days == 4


def test_every_file_says_unit_meaning_and_version_and_how_it_is_packed(tmp_path):
    recorded(world(days=130), ParquetSink(tmp_path), CHOICES["everybody, fills, a panel"])
    packed = set()
    for path in tmp_path.glob("*.parquet"):
        file = pq.ParquetFile(path)
        schema, group = file.schema_arrow, file.metadata.row_group(0)
        assert schema.equals(TABLES[path.stem].schema(), check_metadata=True)
        assert schema.metadata[b"schema"] == tables_of.SCHEMA_VERSION.encode()
        assert schema.metadata[b"meaning"]
        for place, field in enumerate(schema):
            assert field.metadata[b"unit"]
            assert field.metadata[b"meaning"]
            chunk = group.column(place)
            expected = "RLE_DICTIONARY" if str(field.type) == "string" else "BYTE_STREAM_SPLIT"
            assert expected in chunk.encodings, (path.stem, field.name)
            packed.add(chunk.compression)
    assert packed == {"LZ4"}
    field = pq.read_schema(tmp_path / "commitments.parquet").field("status")
    assert field.metadata[b"values"].startswith(b"announced, binding")

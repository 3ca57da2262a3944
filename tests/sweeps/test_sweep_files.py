"""A sweep file is read whole or refused in one line: where, what came, what is allowed, nearest name."""

from __future__ import annotations

import pickle
from datetime import date
from pathlib import Path

import pytest
from carousel.experiments import named
from carousel.experiments.sweeps import Sweep, load_sweep, parse_sweep
from carousel.experiments.sweeps.errors import SweepError
from carousel.experiments.sweeps.sweep_parts import DesignKind, Luck, Scale
from carousel.scenarios.errors import BadInput
from carousel.scenarios.limits import FILE_BYTES_MAX
from hypothesis import given, settings
from hypothesis import strategies as st

CASES = Path(__file__).parent / "cases"
NAMED = Path(named.__file__).parent
EXAMPLES = sorted([*CASES.glob("*.toml"), *NAMED.glob("*.toml")])
HALVED = (NAMED / "letter-halved.toml").read_text()
REVERSES = (CASES / "boundary-until-sure.toml").read_text()
WHO_PAYS = (CASES / "sobol-of-payers.toml").read_text()


def refused(text: str) -> SweepError:
    """The error of a text that must be refused."""
    with pytest.raises(SweepError) as caught:
        parse_sweep(text, file="bad.toml")
    error = caught.value
    assert error.file == "bad.toml"
    assert str(error).splitlines() == [str(error)]
    return error


def instead(text: str, old: str, new: str) -> SweepError:
    """The error of a text with one piece replaced."""
    assert old in text
    return refused(text.replace(old, new, 1))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_the_example_is_read(path: Path) -> None:
    sweep = load_sweep(path)
    assert sweep.question.endswith("?")
    assert sweep.scenario == "ai-2025"


def test_every_word_of_an_example_arrives() -> None:
    sweep = load_sweep(CASES / "sobol-of-payers.toml")
    assert sweep.design.kind is DesignKind.SOBOL
    assert (sweep.design.points, sweep.replications.number, sweep.replications.luck) == (256, 8, Luck.COMMON)
    powder = sweep.vary["dry_powder_scale"]
    assert (powder.low, powder.high, powder.scale) == (0.1, 3.0, Scale.LOG)
    assert sweep.vary["bond_buyer.*.inflow_usd_per_year"].times


def test_dated_changes_of_a_case_arrive_with_their_news() -> None:
    (dated,) = load_sweep(NAMED / "letter-halved.toml").case[-1].on
    assert dated.date == date(2026, 6, 1)
    assert dated.set == {"milestone.NVIDIA-OpenAI investment.capacity_gw": 5.0}
    assert [news.text for news in dated.announce] == ["NVIDIA halves its letter of intent"]


def test_an_unknown_key_names_the_nearest() -> None:
    error = instead(WHO_PAYS, "outcomes =", "outcome =")
    assert (error.key_path, error.nearest[0]) == ("outcome", "outcomes")
    error = instead(WHO_PAYS, "low = -0.2", "lowest = -0.2")
    assert (error.key_path, error.nearest[0]) == ("vary.monetisation_growth_per_year.lowest", "low")


def test_an_unknown_design_is_refused_with_those_there_are() -> None:
    error = instead(WHO_PAYS, '"sobol"', '"sobel"')
    assert (error.key_path, error.came) == ("design.kind", "'sobel'")
    assert "latin-hypercube" in error.allowed


def test_an_empty_range_is_refused() -> None:
    error = instead(WHO_PAYS, "high = 3.0", "high = -0.2")
    assert error.key_path == "vary.monetisation_growth_per_year"
    assert error.came == "an empty range from -0.2 to -0.2"


def test_a_log_scale_needs_a_range_above_nothing() -> None:
    error = instead(WHO_PAYS, "low = 0.1", "low = 0.0")
    assert (error.key_path, error.came) == ("vary.dry_powder_scale.low", "0")


def test_a_case_without_a_name_is_refused_by_its_number() -> None:
    error = instead(HALVED, 'name = "half from the start"\n', "")
    assert (error.key_path, error.came, error.allowed) == ("case.2.name", "nothing", "name is required")


def test_two_cases_of_one_name_are_refused_also_when_they_only_look_alike() -> None:
    error = instead(HALVED, 'name = "never"', 'name = "Binding  contract"')
    assert (error.key_path, error.came) == ("case.Binding contract.name", "a second case called 'Binding contract'")


def test_a_comparison_with_no_case_names_the_nearest() -> None:
    error = instead(HALVED, 'compare_with = "as announced"', 'compare_with = "as anounced"')
    assert (error.key_path, error.nearest[0]) == ("replications.compare_with", "as announced")


def test_too_many_runs_are_refused_with_their_number() -> None:
    error = instead(WHO_PAYS, "points = 256", "points = 65536")
    assert error.key_path == "limits.runs_max"
    assert error.came == "327,680 points x 1 case x 8 seeds = 2,621,440 runs"
    assert error.allowed == "at most 100,000 runs"


def test_grids_of_any_size_are_counted_without_being_laid_out() -> None:
    axes = "".join(f"[vary.a{i}]\nlow=0\nhigh=1\nsteps=100000\n" for i in range(20))
    assert refused(f'outcomes=["regime"]\n{axes}').key_path == "limits.runs_max"


def test_sobol_designs_have_a_power_of_two_of_base_points() -> None:
    error = instead(WHO_PAYS, "points = 256", "points = 200")
    assert (error.key_path, error.allowed) == ("design.points", "a power of two, such as 128 or 256")


def test_the_outcome_that_decides_must_be_measured() -> None:
    error = instead(REVERSES, 'outcome = "turned"', 'outcome = "turnt"')
    assert (error.key_path, error.nearest[0]) == ("design.outcome", "turned")


def test_the_finest_grid_halves_the_first() -> None:
    error = instead(REVERSES, "finest = [33, 33]", "finest = [33, 30]")
    assert (error.key_path, error.came) == ("design.finest", "30")
    assert "33" in error.allowed


def test_looks_are_at_eight_sixteen_thirty_two_and_sixty_four() -> None:
    error = instead(REVERSES, "at_most = 64", "at_most = 50")
    assert (error.key_path, error.allowed) == ("replications.at_most", "one of 8, 16, 32, 64")


def test_key_paths_without_quotes_are_explained() -> None:
    error = instead(WHO_PAYS, '[vary."bond_buyer.*.inflow_usd_per_year"]', "[vary.lab.OpenAI.revenue_share]")
    assert error.allowed == 'key paths in quotes, such as "lab.OpenAI.revenue_share"'
    error = instead(
        HALVED, '"milestone.NVIDIA-OpenAI investment.capacity_gw" = 5.0', "milestone.letter.capacity_gw = 5"
    )
    assert error.allowed == 'key paths in quotes, such as "lab.OpenAI.revenue_share"'


def test_an_axis_says_one_thing() -> None:
    error = instead(WHO_PAYS, "low = -0.2", "low = -0.2\nvalues = [1.0]")
    assert (error.came, error.allowed) == (
        "low and high and values",
        "either low and high, or values, or on, or without",
    )


def test_dates_that_shift_cases_stand_under_day() -> None:
    text = (NAMED / "which-payer-breaks-it.toml").read_text()
    assert instead(text, "[vary.day]", "[vary.days]").nearest == ("vary.day",)


def test_a_grid_says_its_steps() -> None:
    assert instead(WHO_PAYS, 'kind = "sobol"', 'kind = "grid"').key_path == "vary.monetisation_growth_per_year.steps"


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path, Path("a\0b.toml"), tmp_path / ("x" * 500)):
        with pytest.raises(SweepError) as caught:
            load_sweep(path)
        assert (caught.value.key_path, caught.value.allowed) == ("file", "a readable .toml file")


def test_size_is_limited_before_anything_is_parsed(tmp_path: Path) -> None:
    path = tmp_path / "long.toml"
    path.write_bytes(b"#" * (FILE_BYTES_MAX + 1))
    with pytest.raises(BadInput, match="at most 131072 bytes"):
        load_sweep(path)
    assert refused(f"{'a.' * 20}b = 1").came == "more than 8 dots in a key"


def test_broken_toml_is_refused_with_its_line() -> None:
    assert refused("question = \n").key_path == "line 1, column 12"


def test_points_come_from_a_csv_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("committed_scale,lab.OpenAI.revenue_share\n0.5,0.1\n2,0.3\n")
    text = 'outcomes=["regime"]\n[design]\nkind="list"\nfile="points.csv"\n'
    (tmp_path / "sweep.toml").write_text(text)
    sweep = load_sweep(tmp_path / "sweep.toml")
    assert {name: axis.values for name, axis in sweep.vary.items()} == {
        "committed_scale": (0.5, 2.0),
        "lab.OpenAI.revenue_share": (0.1, 0.3),
    }


@pytest.mark.parametrize(
    ("text", "came"),
    [
        ("", "nothing"),
        ("a,b\n", "none"),
        ("a,b\n1\n", "1 cells"),
        ("a,\n1,2\n", "a column without a name"),
        ("a,a\n1,2\n", "a second column 'a'"),
        ("a,b\n1,\n", "an empty cell"),
        ('a\n"1\n', "broken CSV (unexpected end of data)"),
        ("a\n" + "1\n" * 6, "more than 5"),
    ],
)
def test_a_bad_list_of_points_is_refused_in_one_line(tmp_path: Path, text: str, came: str) -> None:
    (tmp_path / "points.csv").write_text(text)
    sweep = 'outcomes=["regime"]\n[design]\nkind="list"\nfile="points.csv"\n[limits]\nruns_max=5\n'
    with pytest.raises(SweepError) as caught:
        parse_sweep(sweep, folder=tmp_path)
    assert caught.value.came == came
    assert len(str(caught.value).splitlines()) == 1


def test_errors_pass_between_processes() -> None:
    error = instead(WHO_PAYS, '"sobol"', '"sobel"')
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again)) == (SweepError, str(error))


PIECES = [line for path in EXAMPLES for line in path.read_text().splitlines()]


def outcome(text: str) -> Sweep | str:
    """The sweep of a text, or the line that refuses it."""
    try:
        return parse_sweep(text)
    except BadInput as error:
        return str(error)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=30)), max_size=25).map("\n".join))
def test_any_text_is_a_sweep_or_one_line(text: str) -> None:
    found = outcome(text)
    assert isinstance(found, Sweep) or len(found.splitlines()) == 1


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_value_at_any_key_is_a_sweep_or_one_line(data: st.DataObject) -> None:
    lines = data.draw(st.sampled_from(EXAMPLES)).read_text().splitlines()
    place = data.draw(st.sampled_from([i for i, line in enumerate(lines) if "=" in line]))
    values = ["-1", "1e308", "nan", "true", '""', "[]", "{}", "[[1]]", "2026-01-01", "2026-01-01T10:00:00", "9" * 30]
    lines[place] = f"{lines[place].split('=')[0]}= {data.draw(st.sampled_from(values))}"
    found = outcome("\n".join(lines))
    assert isinstance(found, Sweep) or len(found.splitlines()) == 1

"""Whatever stands in a file, loading ends with a scenario or with exactly one ScenarioError of one line."""

from __future__ import annotations

from collections.abc import Callable

from carousel.scenarios.errors import ScenarioError
from carousel.scenarios.loader import decode, parse, read_text
from carousel.scenarios.overrides import override
from carousel.scenarios.schema import Scenario
from hypothesis import given, settings
from hypothesis import strategies as st

AI_LINES = read_text("ai-2025")[0].splitlines()
JOKE = parse(read_text("joke")[0])
KEYS = sorted({line.split("=")[0].strip() for line in AI_LINES if "=" in line and not line.startswith("#")})
ODD = [
    "0",
    "-1",
    "1",
    "0.5",
    "1e308",
    "-1e308",
    "1e-320",
    "nan",
    "inf",
    "9223372036854775808",
    "true",
    '""',
    "''",
    '"OpenAI"',
    '"Oracle"',
    '"NVIDIA"',
    "[]",
    "{}",
    "[[1]]",
    "2025-09-10",
    "1900-01-01",
    "9999-12-31",
    "10:00:00",
    "2025-09-10T00:00:00Z",
    "0xff",
    "{value=1}",
    "{value={}}",
    "{source='x'}",
    "{value=1,source=''}",
    "[{name='x'}]",
]
LITERALS = st.one_of(
    st.sampled_from([*ODD, "1" * 400]),
    st.integers().map(str),
    st.floats().map(repr),
    st.text(max_size=20).map(lambda t: '"' + t.replace("\\", "").replace('"', "").replace("\n", "") + '"'),
    st.text(max_size=12),
)


def outcome(make: Callable[[], Scenario]) -> Scenario | ScenarioError:
    """A scenario, or the only exception that is allowed."""
    try:
        return make()
    except ScenarioError as error:
        return error


def is_clear(result: Scenario | ScenarioError) -> bool:
    """Whether the result is a scenario or an error of one printable line with where, what came and what is allowed; a
    change that is no file's has its key alone."""
    if isinstance(result, Scenario):
        return True
    return str(result).isprintable() and all((result.key_path, result.came, result.allowed))


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_bytes_give_a_scenario_or_one_error(raw: bytes) -> None:
    assert is_clear(outcome(lambda: parse(decode(raw, file="fuzz.toml"), file="fuzz.toml")))


def test_bytes_of_a_valid_file_load() -> None:
    """The claim above is not kept by refusing everything."""
    text, file = read_text("joke")
    result = outcome(lambda: parse(decode(text.encode(), file=str(file)), file=str(file)))
    assert result == JOKE


@given(st.text(alphabet="[]{}=.,\"'\\#\n\r\tab1 -_:TZe", max_size=120))
@settings(max_examples=300, deadline=None)
def test_any_text_of_toml_signs_gives_a_scenario_or_one_error(text: str) -> None:
    assert is_clear(outcome(lambda: parse(text, file="fuzz.toml")))


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """The default scenario with one to three lines deleted, doubled, renamed or given another value."""
    lines = list(AI_LINES)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        key, equals, _ = lines[at].partition("=")
        change = draw(st.sampled_from(["delete", "double", "rename", "value", "insert", "cut"]))
        if change == "delete":
            lines[at] = ""
        elif change == "double":
            lines.insert(at, lines[at])
        elif change == "rename" and equals:
            lines[at] = draw(st.sampled_from(KEYS) | st.text(max_size=10)) + " =" + lines[at].partition("=")[2]
        elif change == "value" and equals:
            lines[at] = f"{key}= {draw(LITERALS)}"
        elif change == "insert":
            lines.insert(at, f"{draw(st.sampled_from(KEYS))} = {draw(LITERALS)}")
        else:
            lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))]
    return "\n".join(lines)


@given(mutated())
@settings(max_examples=250, deadline=None)
def test_any_change_of_a_valid_file_gives_a_scenario_or_one_error(text: str) -> None:
    assert is_clear(outcome(lambda: parse(text, file="fuzz.toml")))


PATHS = st.sampled_from(
    ["days", "firm.*.name", "firm.The lab.opening_cash_usd", "behaviour.fw_mu", "obligation.*.due_day"]
)
ASSIGNMENTS = st.builds("{}{}{}".format, PATHS, st.sampled_from(["=", "*=", "+="]), LITERALS)


@given(st.text(max_size=60) | ASSIGNMENTS)
@settings(max_examples=300, deadline=None)
def test_any_override_gives_a_scenario_or_one_error(assignment: str) -> None:
    assert is_clear(outcome(lambda: override(JOKE, [assignment])))


def test_an_unclear_error_would_be_seen() -> None:
    assert not is_clear(ScenarioError("f", "", "c", "a"))

"""What documents say about the code is so: files, functions, parameters, phases, draws and tables are as listed."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest
from carousel.docs import gallery_sweeps, scenario_page, speed_tables
from carousel.engine.chance import Decision
from carousel.experiments.sweeps.named_sweeps import named_sweep
from carousel.experiments.sweeps.sweep import DesignKind
from carousel.experiments.sweeps.sweep_counts import runs_of
from carousel.history.tables import TABLES
from carousel.scenarios.behaviour import parameter_table

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
ODD = ROOT / "docs" / "odd.md"

CODE_PATH = re.compile(r"(?<![\w./*-])((?:[\w-]+/)*[\w-]+\.py|(?:[\w-]+/)+[\w-]+\.toml)\b")
"""`folder/file.py`, `file.py` at the root, `folder/file.toml`; a bare `.toml` may be the reader's own."""
FUNCTION = re.compile(r"`((?:[\w-]+/)*[\w-]+\.py)::([\w.]+)`")
BEHAVIOUR = re.compile(r"\bbehaviour\.([a-z]\w*)(\*?)")


def missing_files(text: str, root: Path = ROOT) -> list[str]:
    """Files that a text names and that do not exist."""
    return [path for path in dict.fromkeys(CODE_PATH.findall(text)) if not (root / path).is_file()]


@cache
def names_in(path: Path) -> frozenset[str]:
    """Functions, classes and constants of a module, and the methods and fields of its classes as `Class.name`."""
    found: set[str] = set()

    def collect(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                found.add(prefix + node.name)
                if isinstance(node, ast.ClassDef):
                    collect(node.body, f"{prefix}{node.name}.")
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            found.update(prefix + target.id for target in targets if isinstance(target, ast.Name))

    collect(ast.parse(path.read_text()).body, "")
    return frozenset(found)


def missing_functions(text: str, root: Path = ROOT) -> list[str]:
    """`file.py::function` references of a text that lead nowhere."""
    named = dict.fromkeys(FUNCTION.findall(text))
    return [
        f"{path}::{name}" for path, name in named if not (root / path).is_file() or name not in names_in(root / path)
    ]


def unknown_parameters(text: str, known: set[str]) -> list[str]:
    """`behaviour.NAME` of a text that is no parameter; `behaviour.fw_*` stands for all that begin so."""
    named = [(name, star) for name, star in BEHAVIOUR.findall(text) if name != "py"]
    return [
        f"behaviour.{name}{star}"
        for name, star in named
        if not any(k.startswith(name) if star else k == name for k in known)
    ]


def parameter_line(row: dict[str, object]) -> str:
    """A parameter as the line that docs/odd.md must have."""
    low, high = row["low"], row["high"]
    return (
        f"| `{row['name']}` | {row['default']:g} | {row['unit']} | {low:g} to {high:g} | {row['meaning']} "
        f"| {row['source']} |"
    )


def parameter_faults(text: str, rows: list[dict[str, object]]) -> list[str]:
    """What is wrong with the parameter table of a text: lines missing, different, in vain or twice."""
    section = text.partition("### Behavioural parameters\n")[2].partition("\n## ")[0]
    lines: dict[str, str] = {}
    faults = []
    for name, line in re.findall(r"^(?=\| `(\w+)` \|)(.*)$", section, flags=re.M):
        if name in lines:
            faults.append(f"{name} stands there twice")
        lines[name] = line
    for row in rows:
        line = lines.pop(str(row["name"]), None)
        if line != parameter_line(row):
            faults.append(f"{row['name']}: came {line}, allowed: {parameter_line(row)}")
    return faults + [f"{name} is no parameter" for name in lines]


def phases_of_step(source: str) -> list[str]:
    """Names that `CarouselModel.step` calls, in order."""
    tree = ast.parse(source)
    step = next(n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == "step")
    calls = [n.value.func for n in step.body if isinstance(n, ast.Expr | ast.Assign) and isinstance(n.value, ast.Call)]
    return [call.attr if isinstance(call, ast.Attribute) else call.id for call in calls]


def phases_in(text: str) -> list[str]:
    """First column of the day's timeline in a text."""
    section = text.partition("## 3. Process overview")[2].partition("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \|", section, flags=re.M)


def unlisted(names: list[str], text: str) -> list[str]:
    """Names that no table of a text has, in code font, in its first column."""
    first_column = " ".join(re.findall(r"^\| (`[^|]*) \|", text, flags=re.M))
    return [name for name in names if f"`{name}`" not in first_column]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_file_that_a_document_names_exists(document):
    assert missing_files(document.read_text()) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_function_that_a_document_names_exists(document):
    assert missing_functions(document.read_text()) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_behavioural_parameter_that_a_document_names_exists(document):
    assert unknown_parameters(document.read_text(), {str(r["name"]) for r in parameter_table()}) == []


def test_the_parameter_table_of_the_description_is_that_of_the_code():
    assert parameter_faults(ODD.read_text(), parameter_table()) == []


def test_every_parameter_is_used_in_a_rule_of_the_description():
    rules = ODD.read_text().partition("### Behavioural parameters\n")[0]
    assert [row["name"] for row in parameter_table() if f"`{row['name']}`" not in rules] == []


def test_the_timeline_of_the_description_is_that_of_the_step():
    assert phases_in(ODD.read_text()) == phases_of_step((ROOT / "model.py").read_text())


def test_the_description_lists_every_draw_and_every_table():
    text = ODD.read_text()
    assert unlisted([decision.name for decision in Decision], text) == []
    assert unlisted(list(TABLES), text) == []


def test_the_description_names_functions_and_files():
    """The checks above have something to check."""
    text = ODD.read_text()
    assert len(FUNCTION.findall(text)) > 50
    assert len(CODE_PATH.findall(text)) > 50


RECORD = json.loads((ROOT / "docs" / "validation.json").read_text())["full"]
TWO_EVENTS = {
    "day-0 return, model": "day_0_return",
    "value gained per announced dollar, model": "value_per_announced_dollar",
}
IMPACT = {
    "one share": "impact.one_share",
    "one sector": "impact.sector",
    "all shares by weight": "impact.market",
    "the ETF, over five days": "impact.market_by_etf",
}


def cells_of(text: str, first: str) -> list[str]:
    """The other cells of the row that begins so."""
    (row,) = [line for line in text.splitlines() if line.startswith(f"| {first} |")]
    return [cell.strip() for cell in row.strip("| ").split("|")][1:]


def is_printed(cell: str, measured: float) -> bool:
    """Whether a cell's first number is a measured one, to the digits printed; per cent where it says so."""
    text = re.match(r"[-+]?[\d.]+", cell)
    assert text is not None
    scale = 100 if "%" in cell else 1
    digits = len(text[0].partition(".")[2])
    return abs(float(text[0]) - scale * measured) <= 0.5 * 10**-digits + 1e-9


@pytest.mark.parametrize(("row", "key"), TWO_EVENTS.items())
def test_the_two_events_are_told_as_the_record_has_them(row, key):
    cells = cells_of((ROOT / "docs" / "events.md").read_text(), row)
    for firm, cell in zip(("oracle", "nvidia"), cells, strict=True):
        assert is_printed(cell, RECORD["events"]["checks"][f"events.{firm}.{key}"]["measured"]), (firm, cell)


@pytest.mark.parametrize(("row", "key"), IMPACT.items())
def test_price_impact_is_told_as_the_record_has_it(row, key):
    after, same_day, _ = cells_of((ROOT / "docs" / "studies.md").read_text(), row)
    assert is_printed(after, RECORD["impact"]["checks"][key]["measured"])
    assert is_printed(same_day, RECORD["impact"]["checks"][f"{key}.day_0"]["measured"])


def test_the_gallery_shows_the_sweeps_that_it_names_as_they_are_asked_today():
    text = gallery_sweeps.PAGE.read_text()
    for shown in gallery_sweeps.SHOWN:
        sweep = named_sweep(shown.name)
        assert f"## `{shown.name}`: {sweep.question}" in text
        assert (gallery_sweeps.GALLERY / f"sweep-{shown.name}.png").is_file()
        if sweep.replications.until is None and sweep.design.kind is not DesignKind.BOUNDARY:
            assert f"({runs_of(sweep)} runs, 0 failed)" in text


def test_a_number_that_is_not_the_measured_one_is_seen():
    assert is_printed("+35.8 % (35.0 to 36.8)", 0.3582)
    assert not is_printed("+35.9 % (35.0 to 36.8)", 0.3582)
    assert not is_printed("1.78 (1.22 to 2.09)", 1.71)


def test_a_file_that_does_not_exist_is_seen():
    text = "see `timeline/trade.py`, `market/no_such.py`, [x](scenarios/none.toml), `nothing.py` and my-world.toml"
    assert missing_files(text) == ["market/no_such.py", "scenarios/none.toml", "nothing.py"]


def test_a_function_that_does_not_exist_is_seen():
    text = "`timeline/trade.py::trade` `narrative/growth.py::Growing.grow` `agents/lab.py::AiLab.no` `model/no.py::run`"
    assert missing_functions(text) == ["agents/lab.py::AiLab.no", "model/no.py::run"]


def test_a_parameter_that_does_not_exist_is_seen():
    text = "`scenarios/behaviour.py`, `behaviour.fw_*`, `behaviour.fw_mu`, `behaviour.fw_nu`, `behaviour.gone_*`"
    assert unknown_parameters(text, {"fw_mu"}) == ["behaviour.fw_nu", "behaviour.gone_*"]


ROWS: list[dict[str, object]] = [
    {"name": "a", "default": 0.5, "unit": "share", "low": 0, "high": 1, "meaning": "m", "source": "s"},
    {"name": "b", "default": 2, "unit": "months", "low": 0, "high": 24, "meaning": "m", "source": "s"},
]
TABLE = "### Behavioural parameters\n\n| `a` | 0.5 | share | 0 to 1 | m | s |\n| `b` | 2 | months | 0 to 24 | m | s |\n"


def test_a_right_parameter_table_has_no_faults():
    assert parameter_faults(TABLE + "\n## 8. Next\n\n| `c` | 1 |\n", ROWS) == []


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("| 0.5 | share", "| 0.6 | share", "a: came"),
        ("2 | months", "2 | days", "b: came"),
        ("0 to 24", "0 to 12", "b: came"),
        ("| `b` | 2 | months | 0 to 24 | m | s |\n", "", "b: came None"),
        ("| `b`", "| `c` | 1 |\n| `b`", "c is no parameter"),
        ("| `b`", "| `a` | 0.5 | share | 0 to 1 | m | s |\n| `b`", "a stands there twice"),
        ("### Behavioural parameters", "### Parameters", "a: came None"),
    ],
)
def test_a_wrong_parameter_table_is_seen(right, wrong, fault):
    assert right in TABLE
    assert any(found.startswith(fault) for found in parameter_faults(TABLE.replace(right, wrong), ROWS))


def test_a_phase_that_is_missing_or_out_of_order_is_seen():
    source = "class M:\n    def step(self):\n        self.begin()\n        announce(self)\n        trade(self)\n"
    text = "## 3. Process overview\n| `begin` | x |\n| `trade` | x |\n| `announce` | x |\n\n## 4.\n| `late` | x |\n"
    assert phases_of_step(source) == ["begin", "announce", "trade"]
    assert phases_in(text) == ["begin", "trade", "announce"]


def test_a_draw_or_table_that_is_not_listed_is_seen():
    assert unlisted(["ONE", "TWO", "SIX"], "| `ONE`, `TWO` | x |\n| THREE | `SIX` |\n") == ["SIX"]


def test_the_tables_of_the_speed_page_are_the_results_of_the_benchmarks():
    page = (ROOT / "docs" / "speed.md").read_text()
    assert speed_tables.written(page) == page
    assert speed_tables.written(page.replace("1260", "1259")) == page  # a figure typed by hand does not stay


def test_the_page_of_keys_is_what_the_schema_says():
    """After a change of the schema: `python docs/scenario_page.py`."""
    assert scenario_page.PAGE.read_text() == scenario_page.page(), "run: python docs/scenario_page.py"

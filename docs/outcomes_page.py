"""Writes docs/outcomes.md, every outcome of a run, from the registry: `python docs/outcomes_page.py`."""

from __future__ import annotations

from pathlib import Path

from carousel.experiments.sweeps.outcomes import OUTCOMES
from carousel.history.tables.journal import TRACED_CLASSES
from carousel.ledger.flows import Flow
from carousel.ledger.origins import TracingRule

PAGE = Path(__file__).with_name("outcomes.md")
EXAMPLE = """```python
from carousel.experiments.sweeps.outcomes import names_of
from carousel.experiments.sweeps.run_world import run_world
from carousel.scenarios.loader import load

scenario = load("ai-2025", ["days=42", "holders=300"])
names = names_of(["regime", "payer_share.spending.OpenAI.*", "gain.*"], scenario)
measured = run_world(scenario, 0, names, series=["market_value.NVIDIA"])
print(measured.scalars["regime"], len(measured.tracks["market_value.NVIDIA"]))
```"""


def introduction() -> str:
    """What stands before the table."""
    rules, classes = ", ".join(rule.value for rule in TracingRule), ", ".join(c.value for c in TRACED_CLASSES)
    flows = "\n".join(f"- `{flow.value}`" for flow in Flow)
    return f"""# Outcomes of a run

Written from the registry by `docs/outcomes_page.py`; `python run.py outcomes` prints the same, `python run.py outcomes
ai-2025` every name of a scenario.

An outcome is one number or word of a run, a series one number a day. A sweep asks for them by name; `*` stands for any
text, a tracing rule that is left out of a pattern for all rules that the sweep traces. A pattern that fits nothing is
refused with the nearest name. Outcomes are measured while a run goes on, without recorder or answer, and equal what the
answer of the same run says; all of them together cost about a sixth of a run.

What a world has not is null: the price of a firm that a case has removed, the share of a flow that has brought nothing,
the first day of what never happened. An amount that was never promised, paid or received is 0. Money is in US cents.

- RULE is one of {rules}.
- CLASS of a payer share is one of {classes}.
- RECEIVER is a firm (of spending and building: who spends), or `all`.
- FLOW is one of these:

{flows}

{EXAMPLE}

| Name | Unit | Measured from | Daily series | Meaning |
| --- | --- | --- | --- | --- |
"""


def page() -> str:
    """The whole page."""
    rows = (
        f"| `{o.pattern}` | {o.unit} | {o.needs.value} | {'yes' if o.series is not None else 'no'} | {o.meaning} |"
        for o in OUTCOMES
    )
    return introduction() + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

"""Who paid in: what each channel of outside money has put in and taken out, and what it holds."""

from __future__ import annotations

from typing import Any

from . import measures_payers as payers
from .answer_text import AnswerTable, Context
from .wording import NOTHING, dollars, label


def payers_table(context: Context) -> tuple[AnswerTable | None, dict[str, Any]]:
    """The table of channels at the end and its measures; none of a run that has no such money."""
    told = context.tables.get("payers")
    if told is None or not len(told):
        return None, {}
    found = payers.cash_by_channel(told)
    rows = [
        (
            label(row.channel),
            *(dollars(cents) if cents else NOTHING for cents in (row.put_in_cents, row.taken_out_cents)),
            dollars(row.net_cents),
            dollars(row.cash_cents),
            dollars(row.market_value_cents),
        )
        for row in found.itertuples()
    ]
    total = ("put_in_cents", "taken_out_cents", "net_cents", "cash_cents", "market_value_cents")
    rows.append(("All", *(dollars(int(found[column].sum())) for column in total)))
    note = (
        "Since the start. Households: what they paid for the ETF and got for it. All others: what savers, partners and "
        "banks brought to whoever invests for them, and what went back."
    )
    columns = ("Through", "Put in", "Taken out", "Net", "Cash not invested", "Holds now")
    table = AnswerTable("Whose cash came in, and through whom", columns, tuple(rows), has_total=True, note=note)
    return table, {"cash_by_channel": found.to_dict("records")}

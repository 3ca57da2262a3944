"""Who sold on credit: what vendors lent to the customers that bought from them, and what they have lost of it."""

from __future__ import annotations

from ..history.kinds import LendingKind, cause_text
from ..ledger.causes import Cause
from .answer_text import AnswerTable, Context, Part, Section
from .measures_origin import latest
from .wording import dollars, listed, percent

BILLS = (cause_text(Cause.CHIP_BILL), cause_text(Cause.COMPUTE_BILL))
DRAW = cause_text(Cause.VENDOR_LOAN)
COLUMNS = (
    "Loan or guarantee",
    "Vendor",
    "Customer",
    "Line",
    "Drawn",
    "Ahead of need",
    "Repaid",
    "Provided for",
    "Lost",
    "Outstanding",
)


def sold_on_credit(context: Context) -> Part | None:
    """Every loan's account and the vendor's part of its own sales; None when nobody lends to its customers."""
    loans = context.tables["loans"]
    if not len(loans):
        return None
    now, lines = latest(loans), []
    rows = tuple(
        (
            str(r.loan), str(r.lender), str(r.borrower), dollars(r.committed_cents), dollars(r.drawn_cents),
            dollars(r.drawn_ahead_cents), dollars(r.repaid_cents), dollars(r.provisioned_cents), dollars(r.lost_cents),
            dollars(r.outstanding_cents),
        )
        for r in now.itertuples()
    )  # fmt: skip
    journal = context.tables["journal"]
    measures = []
    for lender, group in now.groupby("lender", sort=True):
        lent = group[group["kind"] == LendingKind.LOAN]
        bills = journal[(journal["payee"] == lender) & journal["cause"].isin(BILLS)]
        draws = journal[(journal["cause"] == DRAW) & (journal["payer"] == lender)]
        sold, drawn = int(bills["cents"].sum()), int(draws["cents"].sum())
        ahead, lost = int(lent["drawn_ahead_cents"].sum()), int(group["lost_cents"].sum())
        most = int(loans[loans["lender"] == lender].groupby("day")["provisioned_cents"].sum().max())
        measures.append(
            {
                "vendor": str(lender), "sold_cents": sold, "drawn_cents": drawn, "drawn_ahead_cents": ahead,
                "provisioned_most_cents": most, "lost_cents": lost,
                "outstanding_cents": int(lent["outstanding_cents"].sum()),
            }
        )  # fmt: skip
        customers = listed(sorted(set(lent["borrower"])))
        share = percent((drawn - ahead) / sold) if sold else "nothing"
        lines.append(
            f"Who sold on credit? {lender} lent {dollars(drawn)} to {customers}: that paid "
            f"for {share} of its own {dollars(sold)} of sales to them; {dollars(lost)} of what it lent and guaranteed "
            f"is lost, {dollars(int(lent['outstanding_cents'].sum()))} still owed to it."
        )
    note = (
        "Of a guarantee: limit, called and paid. Provided for: losses expected now from the customer's spread. "
        "Lost: written off, or paid for others."
    )
    table = AnswerTable("Lines, draws and losses", COLUMNS, rows, 3, note)
    return Part(Section("Who sold on credit?", (), (table,)), lines, {"vendor_finance": measures})

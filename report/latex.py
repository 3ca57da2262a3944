"""A table of an answer as LaTeX, with the rules of the package booktabs."""

from __future__ import annotations

from ..engine.legible import legible
from .answer_text import AnswerTable

MEANT = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "–": "--", "<": r"\textless{}", ">": r"\textgreater{}",
}  # fmt: skip


def latex_text(text: str) -> str:
    """The text as LaTeX that shows exactly it."""
    return "".join(MEANT.get(sign, sign) for sign in legible(text))


def latex_table(table: AnswerTable) -> str:
    """A floating table with caption: words left, numbers right, sums below a rule."""
    columns = "l" * table.text_columns + "r" * (len(table.columns) - table.text_columns)
    head = " & ".join(map(latex_text, table.columns)) + r" \\"
    rows = [" & ".join(map(latex_text, row)) + r" \\" for row in table.rows]
    if table.has_total and rows:
        rows.insert(-1, r"\midrule")
    note = [rf"\par\smallskip\footnotesize {latex_text(table.note)}"] if table.note else []
    lines = [
        r"\begin{table}", r"\centering", rf"\caption{{{latex_text(table.title)}}}", rf"\begin{{tabular}}{{{columns}}}",
        r"\toprule", head, r"\midrule", *rows, r"\bottomrule", r"\end{tabular}", *note, r"\end{table}",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"

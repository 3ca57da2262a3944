"""A bad scenario file gives one error in one line: where, what came, what is allowed, nearest name."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest
from carousel.scenarios.checks_households import largest_holding
from carousel.scenarios.errors import ScenarioError, nearest_names, one_line
from carousel.scenarios.limits import DEPTH_MAX, DOTS_MAX, FILE_BYTES_MAX, KEY_LENGTH_MAX, check_text
from carousel.scenarios.loader import ENTRIES_MAX, decode, load, parse, read_text

AI = read_text("ai-2025")[0]
JOKE = read_text("joke")[0]


def refused(text: str) -> ScenarioError:
    """The error of a text that must be refused."""
    with pytest.raises(ScenarioError) as caught:
        parse(text, file="bad.toml")
    error = caught.value
    assert error.file.endswith((".toml", "ai-2025")), error
    assert str(error).splitlines() == [str(error)]
    return error


def ai(old: str, new: str) -> ScenarioError:
    """The error of the default scenario with one piece of text replaced once."""
    assert old in AI
    return refused(AI.replace(old, new, 1))


def with_entry(entry: str) -> ScenarioError:
    """The error of the default scenario with an entry added."""
    return refused(f"{AI}\n{entry}")


def test_an_unknown_key_names_the_nearest_one() -> None:
    error = ai("revenue_growth_per_year", "revenue_grwoth_per_year")
    assert error.key_path == "lab.OpenAI.revenue_grwoth_per_year"
    assert error.nearest[0] == "revenue_growth_per_year"
    assert "revenue_volatility_per_year" in error.allowed


def test_a_wrong_unit_suffix_names_the_right_one() -> None:
    error = ai("\ncapacity_gw", "\ncapacity_mw")
    assert (error.key_path, error.nearest[0]) == ("contract.OpenAI-Oracle compute.capacity_mw", "capacity_gw")


def test_an_unknown_list_names_the_nearest_one() -> None:
    error = ai("[[chip_maker]]", "[[chipmaker]]")
    assert (error.key_path, error.nearest[0]) == ("chipmaker", "chip_maker")


def test_a_wrong_sign_says_what_is_allowed() -> None:
    error = ai("value = 17.5e9", "value = -17.5e9")
    assert error.key_path == "lab.OpenAI.opening_cash_usd"
    assert error.came == "-17500000000.0"
    assert error.allowed == "greater than or equal to 0"


@pytest.mark.parametrize("literal", ['"17"', "true", "nan", "inf", "-inf", "1e300", "[1]", "2025-01-01"])
def test_money_is_a_finite_number_within_bounds(literal: str) -> None:
    error = ai("opening_cash_usd = { value = 17.5e9", "opening_cash_usd = { value = " + literal)
    assert error.key_path.startswith("lab.OpenAI.opening_cash_usd")


def test_shares_are_whole_numbers() -> None:
    error = ai("value = 2810000000", "value = 2810000000.5")
    assert (error.key_path, error.allowed) == ("cloud.Oracle.shares", "a whole number")


def test_a_missing_key_is_named_with_what_belongs_there() -> None:
    error = refused("\n".join(line for line in AI.splitlines() if not line.startswith("valuation_usd")))
    assert (error.key_path, error.came) == ("lab.OpenAI.valuation_usd", "nothing")
    assert "valuation_usd (a number)" in error.allowed


def test_an_unknown_instrument_lists_the_known_ones() -> None:
    error = ai('instrument = "letter_of_intent"', 'instrument = "letter"')
    assert error.key_path == "milestone.NVIDIA-OpenAI investment.instrument"
    assert "letter_of_intent" in error.allowed


@pytest.mark.parametrize(
    ("old", "name", "path", "came", "nearest"),
    [
        ('provider = "Oracle"', "Orcale", "contract.OpenAI-Oracle compute", "nobody", "Oracle"),
        ('customer = "OpenAI"', "Thrive", "contract.OpenAI-Oracle compute", "a venture_investor", "Oracle"),
        ('supplier = "NVIDIA"', "Oracle", "supply.Oracle-NVIDIA chips", "a cloud", "NVIDIA"),
        ('investor = "NVIDIA"', "Nvidea", "milestone.NVIDIA-OpenAI investment", "nobody", "NVIDIA"),
        ('issuer = "Oracle"', "OpenAI", "bond.Oracle 2026", "a lab", "Oracle"),
        ('owner = "Thrive"', "Thrife", "stake.Thrife in OpenAI", "nobody", "Thrive"),
        ('revenue_share_payee = "Microsoft"', "Micro", "lab.OpenAI", "nobody", "Microsoft"),
    ],
)
def test_a_party_that_is_missing_or_of_the_wrong_kind_is_named(
    old: str, name: str, path: str, came: str, nearest: str
) -> None:
    field = old.split(" = ")[0]
    error = ai(old, f'{field} = "{name}"')
    assert error.key_path == f"{path}.{field}"
    assert came in error.came
    assert nearest in error.nearest


def test_an_obligation_and_a_news_item_name_parties_too() -> None:
    error = refused(JOKE.replace('payee = "The cloud"', 'payee = "The clod"'))
    assert (error.key_path, error.nearest[0]) == ("obligation.Compute.payee", "The cloud")
    error = with_entry('[[news]]\nannounced = 2025-09-12\nfirm = "Oracel"\ntext = "x"')
    assert (error.key_path, error.nearest[0]) == ("news.1.firm", "Oracle")


def test_a_revenue_share_needs_somebody_who_gets_it() -> None:
    error = ai('revenue_share_payee = "Microsoft"', "")
    assert (error.key_path, error.came) == ("lab.OpenAI.revenue_share_payee", "nothing")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "Thrive"', 'name = "OpenAI"'),
        ('name = "Banks"', 'name = "oracle"'),
        ('participant = "Authorized participant"', 'participant = "Banks"'),
        ('ticker = "NVDA"', 'ticker = "ORCL"'),
    ],
)
def test_names_are_unique_across_the_whole_cast(old: str, new: str) -> None:
    assert "nobody else" in ai(old, new).allowed


def test_deals_of_one_kind_have_different_names() -> None:
    error = ai('name = "Oracle 2027"', 'name = "Oracle 2026"')
    assert (error.key_path, error.came) == ("bond.Oracle 2026.name", "'Oracle 2026'")


def test_outside_money_is_not_labelled_with_a_party() -> None:
    error = ai('savers = "Bank credit"', 'savers = "SoftBank"')
    assert (error.key_path, error.came) == ("bond_buyer.Banks.savers", "'SoftBank'")


@pytest.mark.parametrize("name", ["", "a.b", "a=b", "*", "x" * 61, "tab\\tbed", "line\\nbreak"])
def test_names_hold_nothing_that_key_paths_need(name: str) -> None:
    assert ai('name = "SoftBank"', f'name = "{name}"').key_path.endswith(".name")


def test_a_name_with_a_dot_is_told_why_it_may_have_none() -> None:
    assert ai('name = "SoftBank"', 'name = "Soft.Bank"').allowed.endswith("no dots: paths of keys are made of names")


def test_nobody_owes_or_owns_itself() -> None:
    error = refused(JOKE.replace('payee = "The cloud"', 'payee = "The lab"'))
    assert (error.key_path, error.came) == ("obligation.Compute.payee", "'The lab'")
    error = with_entry('[[stake]]\nowner = "Oracle"\nfirm = "Oracle"\nshares = 1')
    assert error.key_path == "stake.Oracle in Oracle.firm"
    error = ai('revenue_share_payee = "Microsoft"', 'revenue_share_payee = "OpenAI"')
    assert "nobody deals with itself" in error.allowed


def test_the_suppliers_of_a_buyer_share_at_most_all_of_it() -> None:
    chip_maker = (
        AI[AI.index("[[chip_maker]]") : AI.index("[[listed_firm]]")].replace("NVIDIA", "Other").replace("NVDA", "OTH")
    )
    supply = '[[supply]]\nname="B"\nbuyer="Oracle"\nsupplier="Other"\nchips_usd_per_gw=1\nother_usd_per_gw=1\nshare=0.1'
    error = with_entry(f"{chip_maker}\n{supply}")
    assert (error.key_path, error.came) == ("supply.B.share", "1.1 for all suppliers of Oracle")


def test_stakes_stay_within_the_shares_outstanding() -> None:
    error = ai("value = 280000000", "value = 980000000")
    assert error.key_path.startswith("stake.")
    assert (error.came, "1000000000 shares outstanding of OpenAI" in error.allowed) == ("1260000000 in all", True)


def test_the_funds_baskets_fit_beside_the_stakes() -> None:
    error = ai("etf_value_usd = { value = 1500e9", "etf_value_usd = { value = 30000e9")
    assert (error.key_path, "shares of Oracle" in error.came) == ("households.etf_value_usd", True)


def test_listed_shares_need_an_active_fund_to_hold_them() -> None:
    error = refused(AI[: AI.index("[[active_fund]]")] + AI[AI.index("[etf]") :])
    assert (error.key_path, "somebody must hold" in error.allowed) == ("active_fund", True)


def test_bonds_need_a_buyer_to_hold_them() -> None:
    without = AI[: AI.index("[[bond_buyer]]")] + AI[AI.index("[[active_fund]]") :]
    error = refused(re.sub(r"\[\[revolving_line\]\]\n(?:\w.*\n)*", "", without))
    assert (error.key_path, error.came) == ("bond_buyer", "none")


@pytest.mark.parametrize(
    ("old", "new", "key_path"),
    [
        ("value = 2025-09-10", "value = 2025-09-08", "contract.OpenAI-Oracle compute.announced"),
        ("value = 2026-05-15", "value = 2025-09-09", "bond.Oracle 2026.maturity"),
        ("value = 2025-09-09", "value = 2025-09-07", "start_date"),
        ("value = 2025-09-09", "value = 2025-09-09T10:00:00", "start_date"),
        ("value = 2025-09-09", 'value = "soon"', "start_date"),
        ("value = 2025-09-09", "value = 0001-01-01", "start_date"),
        ("value = 2025-09-09", "value = 9999-12-31", "start_date"),
    ],
)
def test_dates_follow_the_start_and_are_trading_weekdays_of_our_time(old: str, new: str, key_path: str) -> None:
    assert ai(old, new).key_path == key_path


def test_a_debt_falls_due_within_the_run() -> None:
    error = refused(JOKE.replace("due_day = { value = 1", "due_day = { value = 2", 1))
    assert (error.key_path, error.allowed) == ("obligation.Compute.due_day", "a day of the run, 1 to 1")


def test_no_more_is_delivered_than_was_contracted() -> None:
    error = ai("delivered_gw = { value = 0.0", "delivered_gw = { value = 4.6")
    assert (error.came, error.allowed) == ("4.6", "at most capacity_gw = 4.5")
    assert ai("deployed_gw = { value = 0.0", "deployed_gw = { value = 11.0").key_path.endswith("deployed_gw")


def test_every_firm_is_in_the_basket_with_at_least_one_share() -> None:
    error = ai("value = 50000,", "value = 50,")
    assert (error.key_path, "Oracle" in error.came) == ("etf.creation_unit_shares", True)


def test_households_need_holders_an_etf_and_a_creation_unit() -> None:
    assert ai("holders = { value = 10000", "holders = { value = 0").key_path == "holders"
    assert ai("etf_value_usd = { value = 1500e9", "etf_value_usd = { value = 10").key_path == "households.etf_value_usd"
    error = refused(AI[: AI.index("[etf]")] + AI[AI.index("[households]") :])
    assert (error.key_path, error.came) == ("etf", "nothing")


def test_an_etf_needs_a_listed_firm() -> None:
    error = refused(JOKE + AI[AI.index("[etf]") : AI.index("[households]")])
    assert (error.key_path, error.came) == ("etf", "an ETF without listed firms")


def test_the_largest_holders_shares_fit_in_32_bits() -> None:
    error = ai("holders = { value = 10000", "holders = { value = 20")
    assert error.key_path == "holders"
    assert "would not fit in 32 bits" in error.came
    assert error.allowed == "at least 229 holders"


def test_the_number_of_holders_that_an_error_proposes_is_the_least_that_is_accepted() -> None:
    """The one that the documentation of `holders` names."""
    assert load("ai-2025", ["holders=229"]).holders == 229
    with pytest.raises(ScenarioError, match="at least 229 holders"):
        load("ai-2025", ["holders=228"])
    for page in ("README.md", "docs/scenario.md"):
        assert "229" in (Path(__file__).parents[2] / page).read_text()
    assert largest_holding(100.0, 0, 1.0) == float("inf")
    assert largest_holding(100.0, 1, 1.0) == 100.0


def test_a_share_costs_at_least_a_cent() -> None:
    assert ai("price_usd = { value = 241.51", "price_usd = { value = 0.001").key_path == "cloud.Oracle.price_usd"
    error = ai("valuation_usd = { value = 300e9", "valuation_usd = { value = 1e6")
    assert (error.key_path, error.allowed) == ("lab.OpenAI.valuation_usd", "at least one cent per share")


def test_a_market_value_stays_within_exact_cents() -> None:
    error = ai("shares = { value = 2810000000", "shares = { value = 9000000000000")
    assert (error.key_path, "5e+13" in error.allowed) == ("cloud.Oracle.shares", True)


@pytest.mark.parametrize(
    ("text", "place"),
    [("a = 1\nb = = 2\n", "line 2, column 5"), ("a = 1\na = 2\n", "line 2, column 6"), ('a = "x', "end of document")],
)
def test_broken_toml_is_placed_by_line_and_column(text: str, place: str) -> None:
    error = refused(text)
    assert (error.key_path, error.allowed) == (place, "valid TOML")
    assert error.came.startswith("broken TOML")


def test_an_integer_of_thousands_of_digits_is_broken_toml() -> None:
    assert "broken TOML" in refused(f"days = {'9' * 5000}").came


def test_a_value_table_holds_value_and_source_only() -> None:
    assert ai("value = 17.5e9,", "value = 17.5e9, unit = 1,").key_path == "lab.OpenAI.opening_cash_usd.unit"
    assert ai('source = "WSJ, 10 Sep 2025"', "source = 3").key_path.endswith(".source")
    assert ai('source = "WSJ, 10 Sep 2025"', 'source = " "').allowed.startswith("a text")
    assert refused(f"sources = {{ a = 'b' }}\n{AI}").key_path == "sources"


# limits before parsing


def test_a_file_that_is_too_large_is_not_parsed() -> None:
    with pytest.raises(ScenarioError) as caught:
        decode(b"#" * (FILE_BYTES_MAX + 1), file="big.toml")
    assert caught.value.allowed == f"at most {FILE_BYTES_MAX} bytes"
    assert decode(b"#" * FILE_BYTES_MAX, file="big.toml")


def test_bytes_that_are_not_utf_8_are_placed() -> None:
    with pytest.raises(ScenarioError) as caught:
        decode(b'name = "\xff"', file="latin.toml")
    assert (caught.value.key_path, caught.value.came) == ("byte 8", "byte 0xff")


@pytest.mark.parametrize(
    ("text", "came"),
    [
        ("x = 1\n" + ".".join("a" * (DOTS_MAX + 2)) + " = 1", f"more than {DOTS_MAX} dots in a key"),
        (".".join(['"a"'] * (DOTS_MAX + 2)) + " = 1", f"more than {DOTS_MAX} dots in a key"),
        ("[" + ".".join("a" * (DOTS_MAX + 2)) + "]", f"more than {DOTS_MAX} dots in a key"),
        ("x = {" + " . ".join("a" * (DOTS_MAX + 2)) + " = 1}", f"more than {DOTS_MAX} dots in a key"),
        ("x = " + "[" * (DEPTH_MAX + 1), f"nesting deeper than {DEPTH_MAX}"),
        ("x = " + "{a=" * (DEPTH_MAX + 1), f"nesting deeper than {DEPTH_MAX}"),
        ("k" * (KEY_LENGTH_MAX + 1) + " = 1", f"a key of {KEY_LENGTH_MAX + 1} characters"),
        ('"' + "k" * KEY_LENGTH_MAX + '" = 1', f"a key of {KEY_LENGTH_MAX + 2} characters"),
    ],
)
def test_limits_fire_before_parsing(text: str, came: str) -> None:
    fault = check_text(text)
    assert fault is not None
    assert fault.came == came
    assert refused(text).came == came


@pytest.mark.parametrize(
    "text",
    [
        ".".join("a" * (DOTS_MAX + 1)) + " = 1",
        "x = " + "[" * DEPTH_MAX + "]" * DEPTH_MAX,
        "k" * KEY_LENGTH_MAX + " = 1",
        'x = "' + ".[{" * 500 + '"',
        "x = '''" + ".[{\n" * 500 + "'''",
        "# " + ".[{" * 500,
        'x = "\\"' + "." * 50 + '"',
    ],
)
def test_limits_let_pass_what_is_within_them_or_no_key_at_all(text: str) -> None:
    assert check_text(text) is None


def test_the_line_of_a_limit_counts_lines_inside_strings() -> None:
    fault = check_text('x = """\n\n"""\ny = ' + "[" * (DEPTH_MAX + 1))
    assert fault is not None
    assert fault.key_path == "line 4"


def test_a_list_has_a_bounded_number_of_entries() -> None:
    error = refused("[[firm]]\n" * (ENTRIES_MAX + 1))
    assert (error.key_path, error.allowed) == ("firm", f"at most {ENTRIES_MAX} entries")


# files and inheritance


def test_an_unknown_name_is_met_with_the_nearest_bundled_one() -> None:
    with pytest.raises(ScenarioError) as caught:
        load("ai2025")
    assert caught.value.nearest[0] == "ai-2025"


@pytest.mark.parametrize("name", ["missing.toml", "no/such/file", "a\0b.toml", "."])
def test_a_path_that_is_no_file_is_one_error(name: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(name)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(("place", "came"), [(".", "a folder"), ("/dev/null", "a pipe or a device")])
def test_what_is_there_and_no_file_is_called_what_it_is(tmp_path: Path, place: str, came: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / place)
    assert caught.value.came == came


@pytest.mark.parametrize(
    ("text", "key_path", "allowed"),
    [
        ("lab = 3", "lab", "a list: in square brackets, or an entry under each [[heading]]"),
        ("firm = [3]", "firm.1", "a table of keys: in braces, or under its [heading]"),
        ("behaviour = 3", "behaviour", "a table of keys: in braces, or under its [heading]"),
        ("start_date = 3", "start_date", "a date such as 2025-09-10"),
        ('name = ""', "name", "a text; it should have at least 1 character"),
        ('[[venture_investor]]\nname = "SoftBank"\nsells_stakes = "x"', None, "true or false"),
        ("[[firm]]\nname = 3", "firm.1.name", "a text"),
        ('[[lab]]\nname = "OpenAI"\nx = 3', "lab.OpenAI.x", "a key of lab: name, "),
        ("[[on]]\nx = 3", "on.1.x", "a key of on: date, "),
        ("x = 3", "x", "a key of a scenario: name, "),
    ],
)
def test_what_is_allowed_is_said_in_words_of_a_file_and_not_of_python(text: str, key_path: str, allowed: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        parse(f'extends = "ai-2025"\n{text}')
    assert caught.value.key_path == (key_path or "venture_investor.SoftBank.sells_stakes")
    assert caught.value.allowed.startswith(allowed)


MINE = """
extends = "ai-2025"
name = "mine"
remove = ["stake.SoftBank in NVIDIA"]
[[lab]]
name = "OpenAI"
revenue_growth_per_year = 0.1
[[stake]]
owner = "Thrive"
firm = "NVIDIA"
shares = 7
"""


def test_a_file_of_ones_own_extends_a_bundled_scenario_entry_by_entry(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(MINE)
    mine, base = load(path), load("ai-2025")
    assert (mine.name, mine.lab[0].revenue_growth_per_year) == ("mine", 0.1)
    assert mine.lab[0].model_copy(update={"revenue_growth_per_year": 2.3}) == base.lab[0]
    assert [s.owner for s in mine.stake if s.firm == "NVIDIA"] == ["Thrive"]
    assert "lab.OpenAI.revenue_growth_per_year" not in mine.sources
    assert "lab.OpenAI.revenue_usd_per_year" in mine.sources
    child = tmp_path / "child.toml"
    child.write_text('extends = "mine.toml"\nname = "child"\n')
    assert load(child).stake == mine.stake


@pytest.mark.parametrize(
    ("head", "key_path"),
    [
        ('extends = "ai-2026"', "extends"),
        ("extends = 3", "extends"),
        ('extends = "other.toml"', "extends"),
        ('extends = "ai-2025"\nremove = ["stake.nobody"]', "remove"),
        ('extends = "ai-2025"\nremove = "stake"', "remove"),
        ('extends = "ai-2025"\nremove = [1]', "remove"),
        ('remove = ["bond.x"]', "remove"),
    ],
)
def test_what_a_scenario_extends_and_removes_must_exist(head: str, key_path: str) -> None:
    assert refused(head).key_path == key_path


def test_scenarios_that_extend_each_other_in_a_ring_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('extends = "b.toml"')
    (tmp_path / "b.toml").write_text('extends = "a.toml"')
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "a.toml")
    assert caught.value.key_path == "extends"


# the error itself


def test_an_error_survives_the_way_between_processes() -> None:
    error = ai('provider = "Oracle"', 'provider = "Orcale"')
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.nearest, type(again)) == (str(error), error.nearest, ScenarioError)


def test_an_error_is_one_printable_line_whatever_came() -> None:
    error = ScenarioError("f\n", "k\u2028", "c\r\n", "a\x1b[31m", ["n\n"])
    assert str(error).isprintable()
    assert one_line("x" * 1000, 10) == "x" * 10 + "..."


def test_nearest_names_know_beginnings_as_well() -> None:
    assert nearest_names("micro", ["macro_elasticity", "micro_elasticity"]) == ("micro_elasticity",)

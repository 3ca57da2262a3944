"""The standard's words: types of contract and event, roles, conventions."""

from __future__ import annotations

from enum import StrEnum


class ContractType(StrEnum):
    """What a contract pays, in general."""

    PAM = "PAM"
    """Principal at maturity: bonds, bullet loans, notes."""
    LAM = "LAM"
    """Principal in equal parts."""
    NAM = "NAM"
    """Principal in what a fixed payment leaves after interest; what is left is due at maturity."""
    ANN = "ANN"
    """An annuity: interest and principal in level payments. Leases."""
    CLM = "CLM"
    """Lent until called."""
    UMP = "UMP"
    """Drawn and repaid at will: lines, deposits."""
    CSH = "CSH"
    """Cash."""
    STK = "STK"
    """Shares."""
    CEG = "CEG"
    """A guarantee."""


class EventType(StrEnum):
    """What can happen under a contract; at one time in this order."""

    IED = "IED"
    """Initial exchange."""
    FP = "FP"
    """Fee."""
    PR = "PR"
    """Principal is redeemed."""
    PI = "PI"
    """Principal is increased: a draw."""
    PY = "PY"
    """Penalty."""
    PP = "PP"
    """Prepayment."""
    XD = "XD"
    """Call, or exercise."""
    IP = "IP"
    """Interest."""
    IPCI = "IPCI"
    """Interest that is added to principal."""
    CE = "CE"
    """Credit event."""
    RRF = "RRF"
    """Rate reset to what is known."""
    RR = "RR"
    """Rate reset to what the market says."""
    PRF = "PRF"
    """The level payment is fixed."""
    DV = "DV"
    """Dividend."""
    PRD = "PRD"
    """Purchase."""
    TD = "TD"
    """Sale, or termination."""
    SC = "SC"
    """Scaling index."""
    IPCB = "IPCB"
    """The base of interest is fixed anew."""
    MD = "MD"
    """Maturity."""
    STD = "STD"
    """Settlement after a call or an exercise."""
    AD = "AD"
    """Somebody looks."""


ORDER = {kind: place for place, kind in enumerate(EventType)}
"""Place among events of one time."""


class Role(StrEnum):
    """Which side the books that are written are on."""

    RPA = "RPA"
    RPL = "RPL"
    LG = "LG"
    ST = "ST"
    BUY = "BUY"
    SEL = "SEL"
    RFL = "RFL"
    PFL = "PFL"
    COL = "COL"
    CNO = "CNO"
    OBL = "OBL"
    GUA = "GUA"
    UDL = "UDL"
    UDLP = "UDLP"
    UDLM = "UDLM"

    @property
    def sign(self) -> int:
        """+1 for a claim, -1 for an obligation."""
        return -1 if self in OBLIGED else 1


OBLIGED = frozenset({Role.RPL, Role.ST, Role.SEL, Role.PFL, Role.GUA, Role.UDLM})
"""Roles of who owes."""


class DayCount(StrEnum):
    """How a year is counted."""

    AA = "AA"
    """Actual over actual, each day by the length of its own year (ISDA)."""
    A360 = "A360"
    A365 = "A365"
    E30360ISDA = "30E360ISDA"
    E30360 = "30E360"
    B252 = "B252"
    """Business days over 252."""
    E28336 = "28E336"


class Shift(StrEnum):
    """What happens to a scheduled day that is no business day: S(hift) and C(alculate) in that order; F(ollowing) or
    P(receding), M(odified) so that it stays in its month."""

    NONE = "NOS"
    SCF = "SCF"
    SCMF = "SCMF"
    CSF = "CSF"
    CSMF = "CSMF"
    SCP = "SCP"
    SCMP = "SCMP"
    CSP = "CSP"
    CSMP = "CSMP"


class Holidays(StrEnum):
    """Which days are business days."""

    NONE = "NC"
    """All."""
    WEEKENDS = "MF"
    """Monday to Friday."""


class MonthEnd(StrEnum):
    """Where a cycle goes that begins on the last day of a short month."""

    SAME_DAY = "SD"
    END = "EOM"


class Base(StrEnum):
    """What interest is calculated on."""

    NOTIONAL = "NT"
    """What is owed."""
    INITIAL = "NTIED"
    """What was owed at first."""
    LAGGED = "NTL"
    """What was owed when the base was last fixed."""


class FeeBasis(StrEnum):
    """What a fee's rate is a rate of."""

    ABSOLUTE = "A"
    NOTIONAL = "N"


class Penalty(StrEnum):
    """What a prepayment costs."""

    NONE = "O"
    ABSOLUTE = "A"
    NOTIONAL = "N"
    INTEREST = "I"
    """The difference between the contract's rate and the market's."""


class Prepayment(StrEnum):
    """What a prepayment leads to; without one nothing is prepaid."""

    NONE = "N"
    AMOUNT = "A"
    MATURITY = "M"


class Performance(StrEnum):
    """How well a contract is served."""

    PERFORMING = "PF"
    DELAYED = "DL"
    DELINQUENT = "DQ"
    DEFAULT = "DF"
    MATURED = "MA"
    TERMINATED = "TE"


class Exposure(StrEnum):
    """What of the contracts that it covers a guarantee answers for."""

    NOTIONAL = "NO"
    NOTIONAL_AND_INTEREST = "NI"
    MARKET_VALUE = "MV"

"""The table mappings of the sample: what its columns mean."""

from __future__ import annotations

__all__ = [
    "OFFICES",
    "OFFICE_COLUMNS",
    "PAYMENTS",
    "PAYMENT_COLUMNS",
    "REGISTER",
    "REGISTER_COLUMNS",
    "REGISTER_TITLE",
    "VESSELS",
]

_LICENCE = "INVENTED data of finnet's sample cold_harbour; no such party exists; CC0-1.0"

PAYMENT_COLUMNS = (
    "payment", "payer", "through", "beneficiary", "amount", "currency", "booked", "purpose", "commodity"
)  # fmt: skip
PAYMENTS = f"""\
kind    = "payments"
dataset = "cold_harbour_payments"
ids     = "verbatim"            # the same ids as in entities.ftm.json
grade   = "B2"
licence = "{_LICENCE}"

[columns]
payment_id   = "payment"
payer        = "payer"
intermediary = "through"
beneficiary  = "beneficiary"
amount       = "amount"
currency     = "currency"
date         = "booked"
purpose      = "purpose"
commodity    = "commodity"

[formats]
date      = "%Y-%m-%d"
decimal   = "."
delimiter = ","
"""

REGISTER_TITLE = (
    "INVENTED: register of holdings, sample cold_harbour",
    "Shares in per cent, as the register states them",
)
REGISTER_COLUMNS = ("No", "Owner", "Owner name", "Company", "Company name", "Share", "From", "To", "Remark")
REGISTER = f"""\
kind    = "links"
dataset = "cold_harbour_register"
ids     = "verbatim"
grade   = "A2"
licence = "{_LICENCE}"
sheet   = "Register"
header  = 3                     # two lines of title above the names of the columns

[columns]
id     = "No"
source = "Owner"
target = "Company"
share  = "Share"
start  = "From"
end    = "To"

[defaults]
class  = "ownership"
schema = "Ownership"

[formats]
share = "percent"
"""

OFFICE_COLUMNS = ("office", "representative", "principal", "role", "host", "since", "remark")
OFFICES = f"""\
kind    = "links"
dataset = "cold_harbour_offices"
ids     = "verbatim"
grade   = "B3"
licence = "{_LICENCE}"

[columns]
id      = "office"
source  = "representative"
target  = "principal"
role    = "role"
country = "host"                # where the representative sits
start   = "since"

[defaults]
class  = "representation"
schema = "Representation"

[formats]
delimiter = ","
"""

VESSELS = f"""\
kind    = "links"
dataset = "cold_harbour_vessels"
ids     = "verbatim"
grade   = "C3"
licence = "{_LICENCE}"

[columns]
id        = "link"
source    = "from"              # a transfer runs from the vessel that gave to the one that took
target    = "to"
role      = "role"
start     = "since"
end       = "until"
commodity = "cargo"

[defaults]
class  = "maritime"
schema = "UnknownLink"

[formats]
delimiter = ","
"""

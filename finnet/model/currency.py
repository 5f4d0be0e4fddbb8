"""Currencies: which codes there are, and how many decimals each has."""

from __future__ import annotations

from decimal import Decimal

__all__ = ["CURRENCIES", "minor_digits", "money_words"]

# ISO 4217:2015 list one, active codes by number of decimals of the minor unit. Funds codes, precious metals and test
# codes are left out, except XAU and its kin and the SDR, which have no minor unit and do occur in payments.
_BY_DIGITS: dict[int, str] = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF XAG XAU XDR XPD XPT",
    2: (
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY "
        "COP CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF "
        "IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK "
        "MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE "
        "SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR "
        "ZMW ZWG ZWL"
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}

CURRENCIES: dict[str, int] = {code: digits for digits, codes in _BY_DIGITS.items() for code in codes.split()}


def minor_digits(currency: str) -> int:
    """How many decimals an amount in this currency has: 2 for USD, 0 for JPY, 3 for KWD. Unknown codes count as 2.

    >>> minor_digits("USD"), minor_digits("JPY"), minor_digits("KWD")
    (2, 0, 3)

    Source: ISO 4217:2015, list one.
    """
    return CURRENCIES.get(currency, 2)


def money_words(amount: Decimal, currency: str) -> str:
    """A stored amount with the decimals of its currency, and more where it has them.

    >>> money_words(Decimal("1200.0000"), "JPY"), money_words(Decimal("7.2500"), "KWD")
    ('1,200', '7.250')
    """
    digits = minor_digits(currency)
    needed = max(digits, -int(amount.normalize().as_tuple().exponent))
    return f"{amount:,.{needed}f}"

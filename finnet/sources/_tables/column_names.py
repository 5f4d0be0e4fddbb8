"""What columns are called in the tables that people have, by finnet's words."""
# ruff: noqa: E501  # lists of names read better unbroken

from __future__ import annotations

from finnet.model.mapping import Kind
from finnet.text import folded

__all__ = ["DIRECTION", "DIRECTIONS", "NAMES", "NEEDED", "OTHER_SIDE", "key_of"]

# Folded and without blanks, by finnet's words. A name decides only where it is one of these.
_NAMES: dict[Kind, dict[str, str]] = {
    "payments": {
        "payer": "from|payer|payerid|sender|senderid|source|sourceid|originator|originatorid|originatorbankid|orig|nameorig"
        "|debtor|debtorid|remitter|fromid|sourcenodeid|sourceaccount|ordering|orderingcustomer|von|absender",
        "payer_name": "payername|sendername|fromname|originatorname|originatorbank|debtorname|remittername|orderingname|auftraggeber",
        "payer_account": "payeraccount|fromaccount|senderaccount|debtoraccount|fromiban|senderiban|accountfrom|debitaccount",
        "payer_country": "payercountry|fromcountry|sendercountry|originatoriso|originatorcountry|debtorcountry",
        "beneficiary": "to|beneficiary|beneficiaryid|receiver|receiverid|target|targetid|payee|payeeid|creditor|creditorid"
        "|recipient|toid|targetnodeid|namedest|beneficiarybankid|targetaccount|an|empfangerid",
        "beneficiary_name": "beneficiaryname|receivername|toname|payeename|creditorname|recipientname|beneficiarybank|empfanger",
        "beneficiary_account": "beneficiaryaccount|toaccount|receiveraccount|creditoraccount|toiban|receiveriban|accountto|creditaccount",
        "beneficiary_country": "beneficiarycountry|tocountry|receivercountry|beneficiaryiso|creditorcountry",
        "intermediary": "intermediary|intermediaryid|correspondent|filerorgnameid",
        "intermediary_name": "intermediaryname|correspondentname|filerorgname",
        "amount": "amount|value|sum|total|betrag|amounttransactions|transactionamount|amt|paymentamount",
        "currency": "currency|ccy|curr|currencycode|wahrung|isocurrency",
        "count": "count|numbertransactions|ntransactions|transactions",
        "date": "date|booked|bookedon|bookingdate|valuedate|transactiondate|paymentdate|begindate|datum|buchungstag|postingdate",
        "date_to": "dateto|enddate|until|todate",
        "booked_at": "bookedat|timestamp|datetime|transactiontime",
        "step": "step|time|tick|period",
        "purpose": "purpose|description|reference|memo|details|remittanceinformation|narrative|verwendungszweck|reason",
        "commodity": "commodity|goods|cargo|product",
        "payment_id": "paymentid|transactionid|txid|id|reference number|transaction|uetr",
        "own_account": "ownaccount|account|accountnumber|iban",
        "debit": "debit|debitamount|withdrawal|withdrawals|moneyout|paidout|soll",
        "credit": "credit|creditamount|deposit|deposits|moneyin|paidin|haben",
        "balance": "balance|runningbalance|saldo|closingbalance",
    },
    "links": {
        "id": "id|linkid|relationid|edgeid",
        "source": "source|from|sourceid|fromid|owner|ownerid|parent|parentid|nodeid1|startid|start|filerorgnameid",
        "source_name": "sourcename|fromname|ownername|parentname|filerorgname",
        "source_country": "sourcecountry|fromcountry|ownercountry",
        "target": "target|to|targetid|toid|asset|assetid|company|companyid|subsidiary|subsidiaryid|child|childid|nodeid2|endid|entitybid",
        "target_name": "targetname|toname|assetname|companyname|subsidiaryname|childname|entityb",
        "target_country": "targetcountry|tocountry|assetcountry|entitybisocode|companycountry",
        "class": "class|edgeclass",
        "schema": "schema",
        "role": "role|relation|relationship|relationshiptype|type|link|reltype",
        "share": "share|percentage|percent|ownership|stake|shareholding|pct|shares",
        "start": "startdate|since|validfrom|begindate",
        "end": "enddate|until|validto|dateto",
    },
    "entities": {
        "id": "id|entityid|nodeid|uid|key",
        "schema": "schema|entitytype",
        "name": "name|entityname|fullname|companyname|caption|legalname|shipname|vesselname",
        "country": "country|countrycode|nationality|iso|countries|countrycodes",
        "jurisdiction": "jurisdiction|jurisdictioncode|incorporatedin",
        "flag": "flag|flagstate",
        "imoNumber": "imo|imonumber",
        "registrationNumber": "registrationnumber|companynumber|regno|registration",
        "birthDate": "birthdate|dateofbirth|dob",
        "incorporationDate": "incorporationdate|incorporated|dateofincorporation",
        "address": "address|addresses",
        "alias": "alias|aliases|aka|othernames",
        "topics": "topics",
        "tags": "tags",
        "website": "website|url",
        "phone": "phone|telephone",
        "email": "email|mail",
    },
}
# Of payments and bank statements as banks of other countries write them out; a title's accents do not matter.
_LANGUAGES: dict[str, dict[str, str]] = {
    "German": {
        "payer_name": "zahlungspflichtiger|zahler", "payer_account": "absenderkonto|ibanabsender",
        "beneficiary_name": "begünstigter|beguenstigter|zahlungsempfänger|zahlungsempfaenger|empfaenger",
        "beneficiary_account": "empfängerkonto|ibanempfänger", "amount": "umsatz|betrageur", "currency": "waehrung",
        "date": "buchungsdatum|buchung|valuta|valutadatum|wertstellung", "own_account": "auftragskonto|kontonummer|konto",
        "balance": "kontostand|saldonachbuchung",
        "other_name": "beguenstigterzahlungspflichtiger|begünstigterzahlungspflichtiger|begünstigterauftraggeber"
        "|auftraggeberbegünstigter|beguenstigterauftraggeber|auftraggeberbeguenstigter|auftraggeberempfänger"
        "|namezahlungsbeteiligter|gegenpartei",
        "other_account": "kontonummeriban|ibanzahlungsbeteiligter|gegenkonto",
    },
    "Russian": {
        "payer_name": "плательщик|наименованиеплательщика|отправитель", "payer_account": "счетплательщика|счетотправителя",
        "beneficiary_name": "получатель|наименованиеполучателя|бенефициар", "beneficiary_account": "счетполучателя",
        "amount": "сумма|суммаплатежа|суммаоперации", "currency": "валюта|кодвалюты",
        "date": "дата|датаоперации|датапроводки|датаплатежа|датадокумента",
        "purpose": "назначение|назначениеплатежа|основание", "own_account": "счет|номерсчета",
        "debit": "дебет|списание|расход|суммаподебету", "credit": "кредит|зачисление|поступление|приход|суммапокредиту",
        "balance": "остаток|сальдо", "other_name": "контрагент|наименованиеконтрагента", "other_account": "счетконтрагента",
    },
    "Latvian": {
        "payer_name": "maksātājs", "payer_account": "maksātājakonts", "beneficiary_name": "saņēmējs",
        "beneficiary_account": "saņēmējakonts", "amount": "summa", "currency": "valūta",
        "date": "datums|grāmatošanasdatums", "purpose": "informācijasaņēmējam|maksājumamērķis|maksājumadetaļas",
        "own_account": "klientakonts|konts|kontanumurs", "debit": "debets", "credit": "kredīts", "balance": "atlikums",
        "other_name": "saņēmējsmaksātājs|maksātājssaņēmējs|partneris", "other_account": "saņēmējamaksātājakonts|partnerakonts",
    },
    "Chinese": {
        "payer_name": "付款人|付款方|付款人名称|付款方户名|汇款人", "payer_account": "付款账号|付款人账号|付款方账号",
        "beneficiary_name": "收款人|收款方|收款人名称|收款方户名", "beneficiary_account": "收款账号|收款人账号|收款方账号",
        "amount": "金额|交易金额", "currency": "币种|货币", "date": "日期|交易日期|记账日期|入账日期",
        "purpose": "摘要|用途|附言", "payment_id": "流水号|交易流水号", "own_account": "账号|本方账号",
        "debit": "借方|借方金额|借方发生额|支出|支出金额", "credit": "贷方|贷方金额|贷方发生额|收入|收入金额",
        "balance": "余额|账户余额", "other_name": "对方户名|对方名称", "other_account": "对方账号|对方帐号",
    },
    "French": {
        "payer_name": "donneurdordre|payeur|émetteur", "beneficiary_name": "bénéficiaire|destinataire",
        "amount": "montant", "currency": "devise", "date": "dateopération|datedopération|datecomptable|datevaleur",
        "purpose": "libellé|motif|communication", "debit": "débit", "credit": "crédit", "balance": "solde",
        "own_account": "compte|numérodecompte", "other_name": "contrepartie|nomcontrepartie",
        "other_account": "comptecontrepartie|comptedecontrepartie",
    },
    "Spanish": {
        "payer_name": "ordenante", "beneficiary_name": "beneficiario", "amount": "importe|monto",
        "currency": "divisa|moneda", "date": "fecha|fechaoperación|fechavalor", "purpose": "concepto",
        "debit": "cargo|débito", "credit": "abono|crédito", "own_account": "cuenta", "other_name": "contraparte",
    },
}  # fmt: skip
# Of a bank statement: the columns of the other side, whichever way the money went.
_OTHER_SIDE = {
    "other_name": "counterparty|counterpartyname|otherparty|othername|payeepayer|payerpayee|name|partner|partnername",
    "other_account": "counterpartyaccount|counterpartyiban|otheraccount|partneraccount|partneriban|iban",
}


# What says which way the money went, where amounts have no sign: (of a debit, of a credit).
DIRECTIONS = (
    ("D", "C"), ("D", "K"), ("S", "H"), ("DR", "CR"), ("Dr", "Cr"), ("DBIT", "CRDT"), ("DEBIT", "CREDIT"),
    ("Debit", "Credit"), ("Soll", "Haben"), ("Дт", "Кт"), ("Д", "К"), ("借", "贷"), ("OUT", "IN"),
)  # fmt: skip
_DIRECTION = (
    "dk|debetskredīts|debitcredit|creditdebit|debitcreditindicator|drcr|crdr|dc|cd|cdtdbtind|sollhaben|sh"
    "|sollhabenkennzeichen|creditdebitindicator|дк|дткт|借贷|借贷标志|direction"
)


def key_of(title: str) -> str:
    """A title as names are compared: letters and digits alone, without case and accents.

    >>> key_of("Saņēmējs / Maksātājs"), key_of("交易金额")
    ('sanemejsmaksatajs', '交易金额')
    """
    return "".join(character for character in folded(title) if character.isalnum())


def _joined(*tables: dict[str, str]) -> dict[str, frozenset[str]]:
    words = dict.fromkeys(word for table in tables for word in table)
    return {
        word: frozenset(key_of(name) for table in tables for name in table.get(word, "").split("|") if name)
        | {key_of(word)}
        for word in words
    }


_FOUND = {kind: _joined(names, *(_LANGUAGES.values() if kind == "payments" else ())) for kind, names in _NAMES.items()}
DIRECTION = _joined({"direction": _DIRECTION})["direction"]
OTHER_SIDE = {word: _joined(_OTHER_SIDE, *_LANGUAGES.values())[word] for word in _OTHER_SIDE}
NAMES: dict[Kind, dict[str, frozenset[str]]] = {
    kind: {word: keys for word, keys in words.items() if word not in OTHER_SIDE} for kind, words in _FOUND.items()
}
NEEDED: dict[Kind, tuple[tuple[str, ...], ...]] = {
    "payments": (("amount", "debit", "credit"), ("payer", "payer_name", "payer_account", "own_account", "beneficiary")),
    "links": (("source", "source_name"), ("target", "target_name")),
    "entities": (("id", "name"),),
}

"""What columns are called in the tables that people have, by finnet's words."""
# ruff: noqa: E501  # lists of names read better unbroken

from __future__ import annotations

from finnet.model.mapping import Kind

__all__ = ["COUNTERPARTY", "NAMES", "NEEDED"]

# Folded and without blanks, by finnet's words. A name decides only where it is one of these.
NAMES: dict[Kind, dict[str, str]] = {
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
# Of a bank statement: the one column that names the other side, whichever way the money went.
COUNTERPARTY = (
    "counterparty|counterpartyname|otherparty|othername|payeepayer|payerpayee|name|partner|partnername"
    "|auftraggeberempfanger|beguenstigterzahlungspflichtiger|gegenpartei|contrepartie"
)
NEEDED: dict[Kind, tuple[tuple[str, ...], ...]] = {
    "payments": (("amount", "debit", "credit"), ("payer", "payer_name", "payer_account", "own_account", "beneficiary")),
    "links": (("source", "source_name"), ("target", "target_name")),
    "entities": (("id", "name"),),
}

"""The questions that `check` puts to a case: each one SELECT, each row of its answer a problem with its record."""

# ruff: noqa: E501 -- SQL is easier to read whole

from __future__ import annotations

__all__ = ["CHECKS"]

# problem -> (severity, SQL with id, caption, detail, dataset, record). Severity: wrong (cannot be), conflict (two
# records disagree), odd (may be right, look at it).
CHECKS: dict[str, tuple[str, str]] = {
    "share over the whole": (
        "wrong",
        """
        with certain as (
            select target_id, source_id, max(coalesce(share_min_ppm, 0)) as share,
                string_agg(distinct dataset || ':' || record, ', ' order by dataset || ':' || record) as records,
                min(dataset) as dataset, min(record) as record
            from v1_link where class = 'ownership' and end_date is null and not list_contains(coalesce(flags, []), 'indirect')
            group by target_id, source_id
        )
        select target_id as id, null as caption,
            'recorded shares add up to ' || round(sum(share) / 10000.0, 4) || ' % (' || string_agg(records, ', ' order by records) || ')'
                as detail, min(dataset) as dataset, min(record) as record
        from certain group by target_id having sum(share) > 1000000 order by 1
        """,
    ),
    "share bounds": (
        "wrong",
        """
        select link_id as id, null as caption,
            'a share of ' || coalesce(share_min_ppm / 10000.0, 0) || ' to ' || coalesce(share_max_ppm / 10000.0, 100) || ' %' as detail,
            dataset, record
        from v1_link where share_min_ppm > share_max_ppm or share_min_ppm < 0 or share_max_ppm > 1000000
        order by id, dataset, record
        """,
    ),
    "ends before it begins": (
        "wrong",
        """
        select link_id as id, null as caption, start_date || ' to ' || end_date as detail, dataset, record
        from v1_link where substr(end_date, 1, least(length(start_date), length(end_date)))
            < substr(start_date, 1, least(length(start_date), length(end_date)))
        order by id, dataset, record
        """,
    ),
    "delisted before listed": (
        "wrong",
        """
        select canonical_id as id, null as caption, authority || ': ' || listed_on || ' to ' || delisted_on as detail, dataset, record
        from v1_listing where delisted_on < listed_on order by id, dataset, record
        """,
    ),
    "holds itself": (
        "odd",
        """
        select link_id as id, source_id as caption, class || ' of itself' as detail, dataset, record
        from v1_link where source_id = target_id order by id, dataset, record
        """,
    ),
    "stub": (
        "odd",
        """
        select e.canonical_id as id, e.caption, 'somebody points at it, nobody describes it' as detail, e.dataset, e.record
        from v1_entity e join v1_party p using (canonical_id)
        where p.missing order by id, e.dataset, e.record
        """,
    ),
    "orphan": (
        "odd",
        """
        with tied as (
            select source_id as id from v1_link union select target_id from v1_link
            union select payer_id from v1_payment union select beneficiary_id from v1_payment
            union select intermediary_id from v1_payment union select canonical_id from v1_listing
        )
        select e.canonical_id as id, e.caption, 'no link, payment or listing names it' as detail, e.dataset, e.record
        from v1_entity e where e.canonical_id not in (select id from tied where id is not null)
            and e.schema not in ('Address', 'Identification', 'Passport', 'Note', 'Sanction')
        order by id, e.dataset, e.record
        """,
    ),
    "conflict: country": (
        "conflict",
        """
        select a.canonical_id as id, a.caption, a.dataset || ' says ' || a.country || ', ' || b.dataset || ' says ' || b.country
            as detail, a.dataset, a.record
        from v1_entity a join v1_entity b on a.canonical_id = b.canonical_id and a.dataset < b.dataset
        where a.country <> b.country and not list_contains(b.countries, a.country) and not list_contains(a.countries, b.country)
        order by id, a.dataset, a.record, b.dataset
        """,
    ),
    "conflict: share": (
        "conflict",
        """
        select a.target_id as id, a.source_id as caption, a.dataset || ':' || a.record || ' says ' || a.share_min_ppm / 10000.0
            || ' to ' || a.share_max_ppm / 10000.0 || ' %, ' || b.dataset || ':' || b.record || ' says ' || b.share_min_ppm / 10000.0
            || ' to ' || b.share_max_ppm / 10000.0 || ' %' as detail, a.dataset, a.record
        from v1_link a join v1_link b on a.source_id = b.source_id and a.target_id = b.target_id and a.class = b.class
            and (a.dataset, a.record) < (b.dataset, b.record)
        where a.class = 'ownership' and a.end_date is null and b.end_date is null and not list_contains(coalesce(a.flags, []), 'indirect')
            and not list_contains(coalesce(b.flags, []), 'indirect')
            and (a.share_max_ppm < b.share_min_ppm or b.share_max_ppm < a.share_min_ppm)
        order by id, caption, a.dataset, a.record, b.dataset, b.record
        """,
    ),
    "conflict: payment id": (
        "conflict",
        """
        with twice as (select payment_id from v1_payment group by payment_id having count(*) > 1)
        select payment_id as id, null as caption,
            'several payments have this id: ' || string_agg(amount || ' ' || currency || ' in ' || dataset || ':' || record, ', ' order by dataset, record)
                as detail, min(dataset) as dataset, arg_min(record, (dataset, record)) as record
        from v1_payment semi join twice using (payment_id) group by payment_id
        having count(distinct (payer_id, beneficiary_id, amount, currency, booked_on)) > 1 order by id
        """,
    ),
    "payment recorded twice": (
        "odd",
        """
        with twice as (select payment_id from v1_payment group by payment_id having count(*) > 1)
        select payment_id as id, payer_id as caption,
            amount || ' ' || currency || ' under one id in ' || string_agg(dataset || ':' || record, ', ' order by dataset, record)
                || ': counted ' || count(*) || ' times' as detail,
            min(dataset) as dataset, arg_min(record, (dataset, record)) as record
        from v1_payment semi join twice using (payment_id)
        group by payment_id, payer_id, beneficiary_id, amount, currency, booked_on
        having count(*) > 1 order by id, payer_id, beneficiary_id, currency, amount, booked_on
        """,
    ),
    "payment on two statements": (
        "odd",
        """
        with twice as (
            select payer_id, beneficiary_id, amount, currency, booked_on from v1_payment
            where payer_id <> beneficiary_id and amount <> 0 and booked_on is not null
            group by all having min(dataset) <> max(dataset) or min(file) <> max(file)
        )
        select min(payment_id) as id, payer_id as caption,
            'to ' || beneficiary_id || ', ' || amount || ' ' || currency || ' on ' || booked_on || ' in '
                || string_agg(dataset || ':' || record, ', ' order by dataset, file, record)
                || ': may be one payment that both sides list, counted each time' as detail,
            min(dataset) as dataset, arg_min(record, (dataset, file, record)) as record
        from v1_payment semi join twice using (payer_id, beneficiary_id, amount, currency, booked_on)
        group by payer_id, beneficiary_id, amount, currency, booked_on
        order by payer_id, id, beneficiary_id, currency, amount, booked_on
        """,
    ),
    "payment to oneself": (
        "odd",
        """
        select payment_id as id, payer_id as caption, amount || ' ' || currency as detail, dataset, record
        from v1_payment where payer_id = beneficiary_id and payer_account is not distinct from beneficiary_account
        order by dataset, record
        """,
    ),
    "reversal": (
        "odd",
        """
        select payment_id as id, payer_id as caption, amount || ' ' || currency as detail, dataset, record
        from v1_payment where amount < 0 order by dataset, record
        """,
    ),
    "payment of nothing": (
        "odd",
        """
        select payment_id as id, payer_id as caption, amount || ' ' || currency as detail, dataset, record
        from v1_payment where amount = 0 order by dataset, record
        """,
    ),
}

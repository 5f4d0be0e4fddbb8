"""Six rules for what a payment is made of, against coins followed one by one and against Anderson's worked example."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.analysis.flows.lots import move_lots
from finnet.analysis.flows.passage import Passage
from finnet.analysis.flows.traced import Traced
from finnet.analysis.flows.tracing import CONSERVING, RULES, trace_by
from finnet.graph.ledger import Ledger

PARTIES = "abcdef"
# Amounts in cents, so that a coin is one minor unit; nobody named at either end now and then.
ENDS = st.sampled_from([*PARTIES, None])
PAYMENTS = st.lists(
    st.tuples(ENDS, ENDS, st.integers(1, 6), st.integers(1, 4)).filter(lambda row: row[0] or row[1]), max_size=14
)


def ledger_of(payments: list[tuple[str | None, str | None, int, int]]) -> Ledger:
    """The payments, their amounts read as minor units."""
    made = Ledger.of(*payments)
    return replace(made, minor=made.minor // 100)


def numbers(ledger: Ledger, names: str) -> list[int]:
    return [ledger.number[name] for name in names if name in ledger.number]


def coins_of(ledger: Ledger, sources: set[int], exits: set[int], rule: str) -> tuple[list[int], Counter[int], int]:
    """Traced coins per payment, held per party, and how many left the sources: coin by coin, from the definition."""
    pool: dict[int, list[int]] = defaultdict(list)  # 1 is a traced coin, 0 another; the next to go stands first
    on, held, injected = [], Counter[int](), 0
    for x, y, amount in zip(ledger.payer.tolist(), ledger.beneficiary.tolist(), ledger.minor.tolist(), strict=True):
        if x == y or (x in sources and y in sources):
            on.append(0)
            continue
        if x in sources:
            sent, injected = [1] * amount, injected + amount
        elif x < 0 or x in exits:
            sent = [0] * amount
        else:
            if rule == "clean_first":
                pool[x].sort()
            if rule == "taint_first":
                pool[x].sort(reverse=True)
            sent, pool[x] = (pool[x] + [0] * amount)[:amount], pool[x][amount:]
        on.append(sum(sent))
        if y in exits:
            held[y] += sum(sent)
        elif y >= 0 and y not in sources:
            pool[y] = sent + pool[y] if rule == "lifo" else pool[y] + sent
    for party, coins in pool.items():
        held[party] += sum(coins)
    return on, held, injected


def shares_of(ledger: Ledger, sources: set[int]) -> list[Fraction]:
    """The haircut of each payment in exact fractions, from the definition."""
    pool: dict[int, Fraction] = defaultdict(Fraction)
    traced: dict[int, Fraction] = defaultdict(Fraction)
    on = []
    for x, y, amount in zip(ledger.payer.tolist(), ledger.beneficiary.tolist(), ledger.minor.tolist(), strict=True):
        moved = Fraction(0)
        if x == y or (x in sources and y in sources):
            on.append(moved)
            continue
        if x in sources:
            moved = Fraction(amount)
        elif x >= 0:
            pool[x] = max(pool[x], Fraction(amount))
            moved = amount * traced[x] / pool[x]
            pool[x], traced[x] = pool[x] - amount, traced[x] - moved
        on.append(moved)
        if y >= 0 and y not in sources:
            pool[y], traced[y] = pool[y] + amount, traced[y] + moved
    return on


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("poison", [1] * 10),
        ("haircut", [0.3] * 10),
        ("fifo", [1, 1, 1, 0, 0, 0, 0, 0, 0, 0]),
        ("lifo", [0, 0, 0, 0, 0, 0, 0, 1, 1, 1]),
        ("clean_first", [0, 0, 0, 0, 0, 0, 0, 1, 1, 1]),
        ("taint_first", [1, 1, 1, 0, 0, 0, 0, 0, 0, 0]),
    ],
)
def test_three_stolen_and_seven_other_coins(rule: str, expected: list[float]) -> None:
    # Anderson, Shumailov, Ahmed (2018): three stolen, then seven clean coins come in, then ten payments of one coin.
    spent = [("pot", f"payee {n}", 1, n + 3) for n in range(10)]
    coins = Ledger.of(("thief", "pot", 3, 1), ("donor", "pot", 7, 2), *spent)
    traced = trace_by(rule, Passage.of(coins, sources=[coins.number["thief"]]))
    assert (traced.on[2:] / 100).tolist() == pytest.approx(expected)


@pytest.mark.parametrize("rule", ["fifo", "lifo", "clean_first", "taint_first"])
@settings(max_examples=150, deadline=None)
@given(payments=PAYMENTS, sources=st.sampled_from(["a", "ab", "abc"]), exits=st.sampled_from(["", "f", "ef"]))
def test_exact_rules_move_the_same_coins_as_coin_by_coin(
    rule: str, payments: list[tuple[str | None, str | None, int, int]], sources: str, exits: str
) -> None:
    ledger = ledger_of(payments)
    starts, ends = numbers(ledger, sources), numbers(ledger, exits)
    traced = trace_by(rule, Passage.of(ledger, sources=starts, exits=ends))
    on, held, injected = coins_of(ledger, set(starts), set(ends), rule)
    assert traced.on.tolist() == on
    assert traced.held.tolist() == [held[party] for party in range(len(ledger.ids))]
    assert traced.injected == injected


@pytest.mark.parametrize("rule", ["fifo", "lifo"])
def test_thousands_of_lots_move_the_same_coins_as_coin_by_coin(rule: str) -> None:
    # Every second party is a source, the others hold what they send: more lots than there is room for at first.
    parties, payments = 60, 6_000
    chance = np.random.default_rng(5)
    payer, beneficiary = chance.integers(0, parties, payments), chance.integers(0, parties, payments)
    minor = np.where(payer % 2, chance.integers(1, 9, payments), chance.integers(1, 40, payments))
    sources = set(range(0, parties, 2))
    ledger = replace(
        random_ledger(payments, parties, seed=0), payer=payer, beneficiary=beneficiary, minor=minor,
        time=np.arange(payments),
    )  # fmt: skip
    on, held, injected = coins_of(ledger, sources, set(), rule)
    passage = Passage.of(ledger, sources=sources)
    for keep_moves in (False, True):
        traced = move_lots(passage, newest_first=rule == "lifo", keep_moves=keep_moves)
        assert traced.on.tolist() == on
        assert traced.held.tolist() == [held[party] for party in range(parties)]
        assert traced.injected == injected


@settings(max_examples=150, deadline=None)
@given(payments=PAYMENTS, sources=st.sampled_from(["a", "ab"]))
def test_the_haircut_equals_exact_fractions(
    payments: list[tuple[str | None, str | None, int, int]], sources: str
) -> None:
    ledger = ledger_of(payments)
    starts = numbers(ledger, sources)
    traced = trace_by("haircut", Passage.of(ledger, sources=starts))
    assert traced.on.tolist() == pytest.approx([float(part) for part in shares_of(ledger, set(starts))], abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(payments=PAYMENTS)
def test_poison_reaches_whom_money_can_have_reached_in_the_order_of_time(
    payments: list[tuple[str | None, str | None, int, int]],
) -> None:
    ledger = ledger_of(payments)
    starts = set(numbers(ledger, "a"))
    touched: set[int] = set()
    for x, y in zip(ledger.payer.tolist(), ledger.beneficiary.tolist(), strict=True):
        if x != y and (x in starts or x in touched) and y >= 0 and y not in starts:
            touched.add(y)
    traced = trace_by("poison", Passage.of(ledger, sources=starts))
    assert set(np.flatnonzero(traced.received).tolist()) - starts == touched


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("rule", CONSERVING)
@settings(max_examples=60, deadline=None)
@given(payments=PAYMENTS, chosen=st.integers(0, 13))
def test_what_leaves_the_sources_is_held_returned_or_outside(
    rule: str, backward: bool, payments: list[tuple[str | None, str | None, int, int]], chosen: int
) -> None:
    ledger = ledger_of(payments)
    marked = [chosen] if chosen < ledger.size else []
    passage = Passage.of(
        ledger, sources=numbers(ledger, "a"), payments=marked, exits=numbers(ledger, "f"), backward=backward
    )
    traced = trace_by(rule, passage)
    total = traced.held.sum() + traced.returned + traced.outside
    assert traced.injected == (pytest.approx(total) if rule == "haircut" else total)
    assert np.all(traced.on >= 0)
    assert np.all(traced.on <= ledger.minor + 1e-9)


def passed(ledger: Ledger) -> list[tuple[int | None, list[int]]]:
    """Every coin under FIFO, forwards: with whom it came on record (None: nobody named), and the payments it passed."""
    coins: list[tuple[int | None, list[int]]] = []
    pool: dict[int, list[int]] = defaultdict(list)
    for k, (x, y, amount) in enumerate(
        zip(ledger.payer.tolist(), ledger.beneficiary.tolist(), ledger.minor.tolist(), strict=True)
    ):
        if x == y:
            continue
        sent = pool[x][:amount] if x >= 0 else []
        if x >= 0:
            pool[x] = pool[x][amount:]
        for _ in range(amount - len(sent)):
            coins.append((x if x >= 0 else None, []))
            sent.append(len(coins) - 1)
        for coin in sent:
            coins[coin][1].append(k)
        if y >= 0:
            pool[y] += sent
    return coins


@settings(max_examples=150, deadline=None)
@given(payments=PAYMENTS)
def test_fifo_backwards_finds_exactly_the_coins_of_fifo_forwards(
    payments: list[tuple[str | None, str | None, int, int]],
) -> None:
    ledger = ledger_of(payments)
    coins = passed(ledger)
    forward = [[0] * ledger.size for _ in range(ledger.size)]
    for _, way in coins:
        for place, k in enumerate(way):
            for later in way[place:]:
                forward[k][later] += 1
    alone = [k for k in range(ledger.size) if ledger.payer[k] != ledger.beneficiary[k]]
    for k in alone:
        onward = trace_by("fifo", Passage.of(ledger, payments=[k]))
        assert onward.on.tolist() == forward[k]
        back = trace_by("fifo", Passage.of(ledger, payments=[k], backward=True))
        assert back.on.tolist() == [forward[earlier][k] for earlier in range(ledger.size)]
        origin = Counter(began for began, way in coins if k in way)
        assert back.held.tolist() == [origin[party] for party in range(len(ledger.ids))]
        assert back.outside == origin[None]


def through(ledger: Ledger, places: set[int]) -> Ledger:
    """The same ledger with the payments at these places going through one intermediary."""
    bank = len(ledger.ids)
    rows: list[tuple[int, int, int, int, int]] = []
    columns = (ledger.payer, ledger.beneficiary, ledger.minor, ledger.time)
    for k, (x, y, amount, time) in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
        rows += [(x, bank, amount, time, 0), (bank, y, amount, time, 1)] if k in places else [(x, y, amount, time, 0)]
    payer, beneficiary, minor, time, leg = np.array(rows, np.int64).reshape(-1, 5).T
    record = np.cumsum(leg == 0)
    return replace(
        ledger, ids=(*ledger.ids, "~bank"), payer=payer, beneficiary=beneficiary, minor=minor, time=time, leg=leg,
        dataset=np.zeros_like(leg), record=record, payments={},
    )  # fmt: skip


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=60, deadline=None)
@given(payments=PAYMENTS, places=st.sets(st.integers(0, 13)), chosen=st.integers(0, 13))
def test_what_goes_through_an_intermediary_is_not_mixed_with_its_own(
    rule: str,
    backward: bool,
    payments: list[tuple[str | None, str | None, int, int]],
    places: set[int],
    chosen: int,
) -> None:
    direct = ledger_of(payments)
    alone = {k for k in places if k < direct.size and direct.payer[k] != direct.beneficiary[k]}
    ledger = through(direct, alone)
    sources, exits = numbers(direct, "a"), numbers(direct, "f")
    marked = [chosen] if chosen < direct.size else []
    legs = np.flatnonzero(np.isin(ledger.record - 1, marked))
    ours = trace_by(rule, Passage.of(direct, sources=sources, payments=marked, exits=exits, backward=backward))
    theirs = trace_by(rule, Passage.of(ledger, sources=sources, payments=legs, exits=exits, backward=backward))
    assert theirs.on[ledger.leg == 0].tolist() == pytest.approx(ours.on.tolist())
    assert theirs.held.tolist() == pytest.approx([*ours.held.tolist(), 0])


def test_an_intermediary_that_is_traced_itself_sends_traced_money() -> None:
    ledger = through(ledger_of([("b", "c", 5, 1), ("c", "d", 5, 2)]), {0})
    traced = trace_by("fifo", Passage.of(ledger, sources=[ledger.number["~bank"]]))
    assert (traced.on.tolist(), traced.held.tolist()) == ([0, 5, 5], [0, 0, 5, 0])


@pytest.mark.parametrize("newest_first", [False, True])
@settings(max_examples=100, deadline=None)
@given(payments=PAYMENTS)
def test_moves_add_up_to_the_traced_part_of_each_payment(
    newest_first: bool, payments: list[tuple[str | None, str | None, int, int]]
) -> None:
    ledger = ledger_of(payments)
    passage = Passage.of(ledger, sources=numbers(ledger, "ab"))
    traced = move_lots(passage, newest_first=newest_first, keep_moves=True)
    plain = move_lots(passage, newest_first=newest_first)
    moves = traced.moves
    assert moves is not None
    assert traced.on.tolist() == plain.on.tolist()
    assert traced.held.tolist() == plain.held.tolist()
    added = np.zeros(ledger.size, np.int64)
    np.add.at(added, moves.payment, moves.minor)
    assert added.tolist() == plain.on.tolist()
    assert np.all(moves.resting >= 0)
    for before, payment in zip(moves.before.tolist(), moves.payment.tolist(), strict=True):
        if before >= 0:
            assert ledger.beneficiary[moves.payment[before]] == ledger.payer[payment]
            assert moves.payment[before] < payment


def random_ledger(payments: int, parties: int, seed: int) -> Ledger:
    chance = np.random.default_rng(seed)
    payer, beneficiary = (
        (chance.random(payments) ** 2 * parties).astype(np.int64),
        chance.integers(0, parties, payments),
    )
    nothing = np.zeros(payments, np.int64)
    return Ledger(
        ids=tuple(f"{number:08}" for number in range(parties)),
        payer=payer,
        beneficiary=beneficiary,
        minor=np.exp(chance.normal(10, 2, payments)).astype(np.int64) + 1,
        time=np.sort(chance.integers(0, 1000, payments)),
        leg=nothing,
        dataset=nothing,
        record=np.arange(payments),
        currency="USD",
        datasets=("random",),
    )


@pytest.mark.parametrize("backward", [False, True])
def test_a_million_payments_lose_no_cent(backward: bool) -> None:
    ledger = random_ledger(1_000_000, 100_000, seed=1)
    passage = Passage.of(ledger, sources=range(0, 2000, 100), exits=range(50, 150), backward=backward)
    for rule in CONSERVING:
        traced = trace_by(rule, passage)
        assert traced.injected > 0
        total = traced.held.sum() + traced.returned + traced.outside
        assert traced.injected == (pytest.approx(total, rel=1e-9) if rule == "haircut" else total)


def as_words(ledger: Ledger, traced: Traced) -> dict[str, tuple[float, float]]:
    columns = zip(ledger.ids, traced.received.tolist(), traced.held.tolist(), strict=True)
    return {label: (received, held) for label, received, held in columns}


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=40, deadline=None)
@given(payments=PAYMENTS, order=st.permutations(PARTIES))
def test_new_names_change_nothing(
    rule: str, payments: list[tuple[str | None, str | None, int, int]], order: list[str]
) -> None:
    called: dict[str | None, str | None] = {None: None, **dict(zip(PARTIES, order, strict=True))}
    ledger, other = ledger_of(payments), ledger_of([(called[x], called[y], a, t) for x, y, a, t in payments])
    ours = trace_by(rule, Passage.of(ledger, sources=numbers(ledger, "a")))
    theirs = trace_by(rule, Passage.of(other, sources=numbers(other, str(called["a"]))))
    assert ours.on.tolist() == pytest.approx(theirs.on.tolist())
    found = as_words(other, theirs)
    for label, values in as_words(ledger, ours).items():
        assert values == pytest.approx(found[str(called[label])])


def test_unexplained_is_what_was_paid_and_not_seen_to_come_in() -> None:
    # b receives 5 and pays 8: 3 from elsewhere. c pays 2 before anything came in.
    ledger = Ledger.of(("c", "x", 2, 0), ("a", "b", 5, 1), ("b", "c", 8, 2))
    passage = Passage.of(ledger, sources=[ledger.number["a"]])
    assert dict(zip(ledger.ids, (passage.unexplained // 100).tolist(), strict=True)) == {"a": 0, "b": 3, "c": 2, "x": 0}


@pytest.mark.parametrize("rule", RULES)
def test_an_empty_ledger_traces_nothing(rule: str) -> None:
    traced = trace_by(rule, Passage.of(Ledger.of()))
    assert (traced.on.size, traced.held.size, traced.injected) == (0, 0, 0)


@pytest.mark.parametrize("rule", RULES)
def test_a_payment_to_oneself_changes_nothing(rule: str) -> None:
    rows = [("a", "b", 5, 1), ("x", "b", 5, 2), ("b", "c", 4, 4)]
    plain, with_loop = Ledger.of(*rows), Ledger.of(*rows, ("b", "b", 9, 3))
    ours = trace_by(rule, Passage.of(plain, sources=[plain.number["a"]]))
    theirs = trace_by(rule, Passage.of(with_loop, sources=[with_loop.number["a"]]))
    assert ours.held.tolist() == theirs.held.tolist()


def test_money_from_nobody_named_is_other_money_and_money_to_nobody_is_gone() -> None:
    ledger = Ledger.of(("a", "b", 5, 1), (None, "b", 5, 2), ("b", None, 7, 3))
    traced = trace_by("fifo", Passage.of(ledger, sources=[ledger.number["a"]]))
    assert (traced.on // 100).tolist() == [5, 0, 5]
    assert (traced.outside // 100, traced.held.sum()) == (5, 0)


def test_what_was_reversed_was_never_there() -> None:
    ledger = Ledger.of(("a", "b", 5, 1), ("b", "c", 5, 2), ("b", "c", -5, 3))
    traced = trace_by("fifo", Passage.of(ledger, sources=[ledger.number["a"]]))
    assert dict(zip(ledger.ids, (traced.held // 100).tolist(), strict=True)) == {"a": 0, "b": 5, "c": 0}


def test_a_payment_alone_is_traced_and_what_was_traced_before_is_counted_once() -> None:
    # a's 5 go to b; b's payment of 8 to c is a source too: only the other 3 of it are new.
    ledger = Ledger.of(("a", "b", 5, 1), ("b", "c", 8, 2))
    for rule in CONSERVING:
        traced = trace_by(rule, Passage.of(ledger, sources=[ledger.number["a"]], payments=[1]))
        assert (traced.injected, (traced.on // 100).tolist()) == (800, [5, 8])

"""Invented networks for the page's and the exports' tests: heavy-tailed communities, plainly invented names."""

from __future__ import annotations

import random

from finnet.graph.network import Network

COUNTRIES = ("kp", "cn", "ru", "ae", "sg", "my", "hk", None)
SCHEMATA = ("Company", "Company", "Company", "Person", "Vessel", "BankAccount", "Organization")
CLASSES = ("ownership", "control", "governance", "representation", "linked")

# Texts that must never do anything but be shown.
HOSTILE = (
    "</script><script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=2>",
    '"><svg onload=window.pwned=3>',
    "javascript:window.pwned=4",
    "href=<img src=x onerror=window.pwned=5>",
    "<a href='javascript:window.pwned=6'>href</a>",
    "Evil\u202eelpmaxE\u2066\u2069",
    "NUL\x00 and escape \x1b[31mred\x1b[0m",
    "<!--<script>\u2028alert(1)\u2029",
    "]]>&amp;&lt;b&gt;{{7*7}}{% raw %}${7*7}",
    "\ud800 alone",
    "W" * 10_000,
    '=HYPERLINK("http://plainly-invented.example","x")',
    "__proto__",
    "constructor",
    "",
)


def invented(size: int, *, seed: int = 1, money: bool = True, hostile: bool = False) -> Network:
    """About 1.7 links per party, in communities, with a backbone from the first parties to the last."""
    chance = random.Random(seed)
    ids = [f"party-{i:05d}" for i in range(size)]
    community = [int(chance.paretovariate(0.9)) % max(2, size // 25) for _ in ids]
    homes: dict[int, list[int]] = {}
    for i, home in enumerate(community):
        homes.setdefault(home, []).append(i)
    pairs: dict[tuple[int, int], None] = {}
    for members in homes.values():
        for place, i in enumerate(members[1:], start=1):
            pairs[(members[chance.randrange(place)], i)] = None
            if chance.random() < 0.5:
                pairs[(i, members[int(chance.random() ** 2 * place)])] = None
    roots = [members[0] for _, members in sorted(homes.items())]
    for place, i in enumerate(roots[1:], start=1):
        pairs[(roots[int(chance.random() ** 2 * place)], i)] = None
    pairs = {pair: None for pair in pairs if pair[0] != pair[1]}
    minor = [int(10 ** chance.uniform(4, 9)) for _ in pairs]
    texts = [HOSTILE[i % len(HOSTILE)] if hostile else None for i in range(size)]
    listed = [chance.random() < 0.06 for _ in ids]
    captions = [texts[i] if hostile else f"{_name(chance)} {i}" for i in range(size)]
    number = len(pairs)
    edges: dict[str, list[object]] = (
        {
            "currency": ["USD"] * number,
            "count": [chance.randrange(1, 40) for _ in pairs],
            "first": ["2016-03-05"] * number,
            "last": ["2017-11-20"] * number,
        }
        if money
        else {
            "class": [chance.choice(CLASSES) for _ in pairs],
            "role": [texts[k % size] or "director" for k in range(number)],
            "schema": ["UnknownLink"] * number,
            "share_min_ppm": [chance.choice([None, 250_000, 510_000]) for _ in pairs],
            "share_max_ppm": [chance.choice([None, 510_000]) for _ in pairs],
        }
    )
    return Network.build(
        source=[ids[a] for a, _ in pairs],
        target=[ids[b] for _, b in pairs],
        weight=[one / 100 for one in minor] if money else [1.0] * number,
        minor=minor if money else None,
        scale=100 if money else 1,
        unit="USD" if money else "links",
        title="An invented network",
        edges=edges,
        edge_policy=("money",) if money else CLASSES,
        isolated=ids,
        vertices={
            "caption": captions,
            "schema": [texts[i] or chance.choice(SCHEMATA) for i in range(size)],
            "country": [texts[i] or chance.choice(COUNTRIES) for i in range(size)],
            "countries": [() for _ in ids],
            "topics": [(texts[i] or "sanction",) if listed[i] else () for i in range(size)],
            "tags": [(texts[i],) if texts[i] else () for i in range(size)],
            "programs": [("INVENTED-1",) if listed[i] else () for i in range(size)],
            "authorities": [(texts[i] or "OFAC",) if listed[i] else () for i in range(size)],
            "datasets": [("invented",)] * size,
            "missing": [chance.random() < 0.03 for _ in ids],
        },
    )


_FIRST = ("Plainly", "Invented", "Imaginary", "Fictive", "Madeup", "Nowhere", "Paper", "Phantom", "Example", "Unreal")
_SECOND = ("Harbour", "Lantern", "Juniper", "Quarry", "Meridian", "Orchid", "Falcon", "Cobalt", "Willow", "Granite")
_THIRD = ("Trading", "Shipping", "Holdings", "Bank", "Agency", "Brokers", "General", "Resources", "Marine", "Commerce")


def _name(chance: random.Random) -> str:
    return f"{chance.choice(_FIRST)} {chance.choice(_SECOND)} {chance.choice(_THIRD)}"

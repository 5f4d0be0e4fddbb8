"use strict";
// Who is not in the first drawing: found by search, and drawn when a group is opened or a party is asked for.
{
  const { data, parties, element, heading, hint } = finnet;
  const AROUND = 60; // neighbours that are drawn beside an opened group
  const NEAR = 300; // parties that are drawn around one
  let whole = null; // { nodes, ties, groups, words }
  let word = null;
  let lines = null; // by vertex: the ties that meet it, made when first asked for

  const size = (k) => (finnet.isMoney ? Number(whole.ties.minor[k]) : whole.ties.w[k]);
  const groupOf = (drawn) => (whole && whole.groups ? whole.groups.vertex.indexOf(drawn) : -1);
  const isDrawnAtFirst = (vertex) => {
    const drawn = whole.nodes.drawn[vertex];
    return drawn >= 0 && data.nodes.vertex[drawn] === vertex;
  };
  const partyOf = (vertex) => {
    const party = finnet.partyAt(whole.nodes, word, vertex);
    return Object.assign(party, { vertex, origin: isDrawnAtFirst(vertex) ? whole.nodes.drawn[vertex] : -1, group: 0 });
  };
  const markOf = (group, origin) => ({
    id: `group:${group}`,
    name: whole.groups.name[group],
    schema: "Folded",
    family: data.families.findIndex(([name]) => name === "Folded"),
    country: "",
    group: 0,
    x: whole.groups.x[group],
    y: whole.groups.y[group],
    radius: Math.min(22, 8 + 1.6 * Math.log2(1 + whole.groups.members[group])),
    rank: 0,
    folded: whole.groups.members[group],
    linksInside: 0,
    lists: {},
    vertex: -1,
    origin,
    opens: group,
  });
  const adjacent = () => {
    if (lines) return lines;
    const { s, t } = whole.ties;
    const start = new Int32Array(whole.nodes.id.length + 1);
    for (const ends of [s, t]) for (const end of ends) start[end + 1]++;
    for (let i = 0; i < whole.nodes.id.length; i++) start[i + 1] += start[i];
    const next = start.slice();
    const at = new Int32Array(start[start.length - 1]);
    for (const ends of [s, t]) ends.forEach((end, k) => (at[next[end]++] = k));
    return (lines = { start, at });
  };
  const tiesOf = (vertex) => adjacent().at.subarray(adjacent().start[vertex], adjacent().start[vertex + 1]);
  const across = (k, vertex) => (whole.ties.s[k] === vertex ? whole.ties.t[k] : whole.ties.s[k]);

  // Ties between things that are drawn; those of one kind between the same two, one of which is a group, are added up.
  const tiesBetween = (spot, isGroup) => {
    const found = [];
    const added = new Map();
    whole.ties.s.forEach((s, k) => {
      const [source, target] = [spot(s), spot(whole.ties.t[k])];
      if (source < 0 || target < 0 || (source === target && isGroup(source))) return;
      const tie = finnet.tieAt(whole.ties, word, k, source, target);
      if (!isGroup(source) && !isGroup(target)) return found.push(tie);
      const key = `${source} ${target} ${tie.class} ${tie.currency}`;
      const same = added.get(key);
      if (same) {
        same.size += tie.size;
        if (same.minor !== null) same.minor += tie.minor;
        same.count++;
        same.isInferred = same.isInferred && tie.isInferred;
      } else added.set(key, Object.assign(tie, { role: "", grade: "", first: "", last: "", count: 1, isSum: true, share_min_ppm: null, share_max_ppm: null }));
    });
    return [...found, ...added.values()];
  };

  const groupScene = (group) => {
    const { parent } = whole.groups;
    const home = whole.nodes.home;
    const above = new Set();
    for (let at = parent[group]; at >= 0; at = parent[at]) above.add(at);
    // Per group: the group inside this one that it is in (or this one itself), else the one outside that stands for it.
    const inside = new Int32Array(parent.length).fill(-1);
    const outside = new Int32Array(parent.length).fill(-1);
    parent.forEach((_, start) => {
      let at = start;
      while (at !== group && parent[at] !== group && parent[at] >= 0 && !above.has(parent[at])) at = parent[at];
      if (at === group || parent[at] === group) inside[start] = at;
      else outside[start] = above.has(at) ? -1 : at;
    });
    const drawn = [];
    const spots = new Map(); // "v12" a party, "g3" a group -> its place in drawn
    const put = (key, make) => {
      if (!spots.has(key)) {
        spots.set(key, drawn.length);
        drawn.push(make());
      }
    };
    const keyOf = (vertex) => {
      const own = home[vertex];
      if (own < 0) return `v${vertex}`;
      if (inside[own] >= 0) return inside[own] === group ? `v${vertex}` : `g${inside[own]}`;
      return outside[own] >= 0 ? `g${outside[own]}` : null;
    };
    const isInside = (vertex) => home[vertex] >= 0 && inside[home[vertex]] >= 0;
    home.forEach((own, vertex) => own === group && put(`v${vertex}`, () => partyOf(vertex)));
    parent.forEach((above, child) => above === group && put(`g${child}`, () => markOf(child, -1)));
    const own = drawn.length;
    // Beside them the strongest neighbours that are not inside, around the rim.
    const beside = new Map();
    whole.ties.s.forEach((s, k) => {
      const t = whole.ties.t[k];
      if (isInside(s) === isInside(t)) return;
      const [here, there] = isInside(s) ? [s, t] : [t, s];
      const key = keyOf(there);
      if (key === null) return;
      const known = beside.get(key) || { key, vertex: there, size: 0, x: 0, y: 0, n: 0 };
      const at = drawn[spots.get(keyOf(here))];
      Object.assign(known, { size: known.size + Math.abs(size(k)), x: known.x + at.x, y: known.y + at.y, n: known.n + 1 });
      beside.set(key, known);
    });
    const marked = ({ key, vertex }) => key[0] === "v" && whole.nodes.rank[vertex] > 0;
    const ranked = [...beside.values()].sort((one, other) => marked(other) - marked(one) || other.size - one.size || (one.key < other.key ? -1 : 1));
    const kept = ranked.slice(0, AROUND);
    const reach = 140 + 1.15 * Math.max(60, ...drawn.map(({ x, y }) => Math.hypot(x, y)));
    kept.sort((one, other) => Math.atan2(one.y, one.x) - Math.atan2(other.y, other.x) || (one.key < other.key ? -1 : 1));
    kept.forEach((one, i) => {
      put(one.key, () => (one.key[0] === "v" ? partyOf(one.vertex) : markOf(Number(one.key.slice(1)), whole.groups.vertex[Number(one.key.slice(1))])));
      const angle = -Math.PI + (2 * Math.PI * (i + 0.5)) / kept.length;
      Object.assign(drawn[spots.get(one.key)], { x: reach * Math.cos(angle), y: reach * Math.sin(angle), group: 1 });
    });
    const spot = (vertex) => {
      const key = keyOf(vertex);
      return key !== null && spots.has(key) ? spots.get(key) : -1;
    };
    const ties = tiesBetween(spot, (number) => drawn[number].opens >= 0).filter(({ source, target }) => source < own || target < own);
    const left = ranked.length - kept.length;
    return { title: whole.groups.name[group], parties: drawn, ties, left };
  };

  const partyScene = (centre) => {
    const ring = new Map([[centre, 0]]);
    const reached = [[centre]];
    for (let depth = 1; depth <= 3 && ring.size < NEAR / 3; depth++) {
      const strength = new Map();
      for (const vertex of reached[depth - 1])
        for (const k of tiesOf(vertex)) {
          const other = across(k, vertex);
          if (!ring.has(other)) strength.set(other, (strength.get(other) || 0) + Math.abs(size(k)));
        }
      const found = [...strength].sort((one, other) => other[1] - one[1] || one[0] - other[0]).slice(0, NEAR - ring.size).map(([vertex]) => vertex);
      if (!found.length) break;
      for (const vertex of found) ring.set(vertex, depth);
      reached.push(found);
    }
    const drawn = [];
    const spots = new Map();
    let radius = 0;
    reached.forEach((ones, depth) => {
      for (let start = 0; start < ones.length; ) {
        if (depth > 0) radius += 110;
        const room = depth === 0 ? 1 : Math.max(6, Math.floor((2 * Math.PI * radius) / 56));
        const some = ones.slice(start, start + room);
        some.forEach((vertex, i) => {
          const angle = (2 * Math.PI * i) / some.length + depth * 0.35;
          spots.set(vertex, drawn.length);
          drawn.push(Object.assign(partyOf(vertex), { x: radius * Math.cos(angle), y: radius * Math.sin(angle), group: depth }));
        });
        start += room;
      }
    });
    const found = new Set([...spots.keys()].flatMap((vertex) => [...tiesOf(vertex)]));
    const ties = [...found].sort((one, other) => one - other).flatMap((k) => {
      const [source, target] = [spots.get(whole.ties.s[k]), spots.get(whole.ties.t[k])];
      return source === undefined || target === undefined ? [] : [finnet.tieAt(whole.ties, word, k, source, target)];
    });
    return { title: whole.nodes.name[centre], parties: drawn, ties, left: 0 };
  };

  const open = (party) => {
    if (party.opens < 0) return finnet.tell("This is a party, not a group: there is nothing inside it to open.");
    finnet.enter(party.name, () => groupScene(party.opens));
  };
  const openAround = (vertex) => {
    finnet.enter(`around ${whole.nodes.name[vertex]}`, () => partyScene(vertex));
    finnet.choose(parties[0], true);
  };
  // Where a party is not in the first drawing: its own group is opened step by step, else its surroundings are drawn.
  const goTo = (vertex) => {
    const here = parties.find((party) => party.vertex === vertex);
    if (here) return finnet.choose(here, true);
    const home = whole.nodes.home ? whole.nodes.home[vertex] : -1;
    if (home < 0) return openAround(vertex);
    finnet.leave(0);
    const way = [];
    for (let at = home; at >= 0; at = whole.groups.parent[at]) way.unshift(at);
    for (const group of way) finnet.enter(whole.groups.name[group], () => groupScene(group));
    finnet.choose(parties.find((party) => party.vertex === vertex), true);
  };

  // The strongest parties inside a group, to be read without opening it.
  const strongest = (group) => {
    const within = new Set([group]);
    whole.groups.parent.forEach((above, child) => within.has(above) && within.add(child));
    const found = [];
    whole.nodes.home.forEach((home, vertex) => within.has(home) && found.push(vertex));
    return found.sort((one, other) => whole.nodes.r[other] - whole.nodes.r[one] || one - other).slice(0, 15);
  };
  const insideOf = (party) => {
    if (party.opens < 0) return party.folded ? [hint("What is inside is still being unpacked.")] : [];
    return [
      heading("The strongest inside"),
      element(
        "ul",
        { class: "ways" },
        ...strongest(party.opens).map((vertex) =>
          element("li", {}, element("button", { class: "name", text: whole.nodes.name[vertex], onclick: () => goTo(vertex) }), element("div", { class: "where", text: [word(whole.nodes.schema[vertex]), word(whole.nodes.country[vertex])].filter(Boolean).join(" · ") }))
        )
      ),
    ];
  };

  const receive = (document) => {
    finnet.records = document.records;
    whole = document.whole;
    if (whole) {
      word = finnet.reader(whole.words);
      for (const party of parties) party.opens = groupOf(party.origin);
      finnet.searchWhole(whole.nodes, isDrawnAtFirst, word);
    }
    globalThis.document.documentElement.dataset.unpacked = String(Math.round(performance.now()));
    finnet.changed();
  };
  const unpackAll = () => {
    const packed = document.getElementById("packed").textContent;
    return finnet.unpack(packed).then(receive, () => finnet.tell("The records on this page are damaged and cannot be read."));
  };

  Object.assign(finnet, { open, openAround, goTo, insideOf, groupOf, unpackAll, hasWhole: () => whole !== null });
}

"use strict";
// What taking parties out with all their links leaves, on all links of the page whatever is filtered.
{
  const { data, parties, links, isMoney, amount, plain } = finnet;

  const reached = (starts, removed, forward) => {
    const seen = new Set(starts.filter((i) => !removed.has(i)));
    const queue = [...seen];
    for (let at = 0; at < queue.length; at++)
      for (const link of parties[queue[at]].links) {
        const ahead = link.source === queue[at] ? link.target : link.source;
        const isAlong = !data.directed || (forward ? link.source : link.target) === queue[at];
        if (isAlong && !removed.has(ahead) && !seen.has(ahead)) {
          seen.add(ahead);
          queue.push(ahead);
        }
      }
    return seen;
  };

  const components = (removed) => {
    const found = [];
    const seen = new Set(removed);
    for (const party of parties) {
      if (seen.has(party.number)) continue;
      const members = [party.number];
      seen.add(party.number);
      for (let at = 0; at < members.length; at++)
        for (const beside of parties[members[at]].neighbours)
          if (!seen.has(beside)) {
            seen.add(beside);
            members.push(beside);
          }
      found.push(members);
    }
    return found.sort((one, other) => other.length - one.length || one[0] - other[0]);
  };

  const seeds = [];
  const exits = [];
  let untouched = new Set();
  const remembered = new Map();

  // The parties that still play a part, and figures about them.
  const standing = (removed) => {
    if (data.objective === "flow") {
      const from = reached(seeds, removed, true);
      const to = reached(exits, removed, false);
      return new Set([...from].filter((i) => to.has(i)));
    }
    if (data.objective === "reach") return reached(seeds, removed, true);
    return new Set(components(removed)[0] || []);
  };

  const value = (removed) => {
    if (data.objective === "flow") return finnet.maximumFlow(removed);
    if (data.objective === "reach") return standing(removed).size - seeds.filter((i) => !removed.has(i)).length;
    const sizes = components(removed).map((members) => members.length);
    if (data.objective === "largest_component") return sizes[0] || 0;
    return sizes.reduce((sum, size) => sum + (size * (size - 1)) / 2, 0);
  };

  const said = {
    flow: (number) => (isMoney ? amount(BigInt(number)) : `${plain(number)} ${data.unit}`),
    reach: (number) => `${plain(number)} parties`,
    pairs: (number) => `${plain(number)} pairs`,
    largest_component: (number) => `${plain(number)} parties`,
  }[data.objective];

  const counted = {
    flow: "can pass from seeds to exits",
    reach: "parties can be reached from the seeds",
    pairs: "pairs of parties are connected",
    largest_component: "parties hang together",
  }[data.objective];

  finnet.whenScene(() => {
    remembered.clear();
    seeds.splice(0, Infinity, ...parties.filter((party) => party.isSeed).map((party) => party.number));
    exits.splice(0, Infinity, ...parties.filter((party) => party.isExit).map((party) => party.number));
    // Where this page counts something else than the answer it draws, it shows the answer's figures alone.
    if (data.exact && data.check) {
      const own = [value(new Set()), value(new Set(data.sets[0].members))];
      const agree = (one, other) => Math.abs(one - other) <= 1e-6 * Math.max(1, Math.abs(other));
      if (!own.every((number, i) => agree(number, data.check[i]))) data.exact = false;
    }
    untouched = data.folded ? new Set() : standing(new Set());
  });
  const assess = (removed) => {
    const key = [...removed].sort((one, other) => one - other).join(" ");
    if (!remembered.has(key)) {
      const left = data.folded ? new Set() : standing(removed);
      const cut = new Set([...untouched].filter((i) => !left.has(i) && !removed.has(i)));
      const exitsLeft = exits.filter((i) => left.has(i)).length;
      remembered.set(key, { cut, exitsLeft, value: data.exact ? value(removed) : null });
    }
    return remembered.get(key);
  };

  Object.assign(finnet, { assess, said, counted, seeds, exits, untouched: () => untouched });
}

"use strict";
// The most that can pass from the seeds to the exits along the recorded amounts, by Dinic's algorithm (1970). Amounts
// are integers below 2^53 (the page is made so), so that sums are exact.
{
  const { data, parties, links, ties, isMoney } = finnet;

  // The value, and what each link carries in one such flow: there may be others as large.
  const largestFlow = (removed) => {
    const source = parties.length;
    const sink = source + 1;
    const heads = [];
    const room = [];
    const out = Array.from({ length: sink + 1 }, () => []);
    const join = (tail, head, there, back) => {
      out[tail].push(heads.length);
      heads.push(head);
      room.push(there);
      out[head].push(heads.length);
      heads.push(tail);
      room.push(back);
    };
    let everything = 1;
    const edgeOf = new Map();
    for (const tie of ties) {
      if (removed.has(tie.source) || removed.has(tie.target) || tie.source === tie.target) continue;
      const size = isMoney ? Number(tie.minor) : tie.size;
      everything += size;
      edgeOf.set(tie.number, heads.length);
      join(tie.source, tie.target, size, data.directed ? 0 : size);
    }
    for (const party of parties) {
      if (removed.has(party.number)) continue;
      if (party.isSeed) join(source, party.number, everything, 0);
      if (party.isExit) join(party.number, sink, everything, 0);
    }
    let flow = 0;
    for (;;) {
      const depth = new Int32Array(sink + 1).fill(-1);
      depth[source] = 0;
      const queue = [source];
      for (let at = 0; at < queue.length; at++)
        for (const edge of out[queue[at]])
          if (room[edge] > 0 && depth[heads[edge]] < 0) {
            depth[heads[edge]] = depth[queue[at]] + 1;
            queue.push(heads[edge]);
          }
      if (depth[sink] < 0) return { value: flow, carried: carried() };
      const next = new Int32Array(sink + 1);
      for (let pushed = push(); pushed > 0; pushed = push()) flow += pushed;

      // One augmenting path in the level graph, without recursion: chains may be long.
      function push() {
        const path = [];
        let here = source;
        while (here !== sink) {
          if (next[here] < out[here].length) {
            const edge = out[here][next[here]];
            if (room[edge] > 0 && depth[heads[edge]] === depth[here] + 1) {
              path.push(edge);
              here = heads[edge];
            } else next[here]++;
          } else {
            if (here === source) return 0;
            here = heads[path.pop() ^ 1];
            next[here]++;
          }
        }
        const least = path.reduce((smallest, edge) => Math.min(smallest, room[edge]), Infinity);
        for (const edge of path) {
          room[edge] -= least;
          room[edge ^ 1] += least;
        }
        return least;
      }
    }

    function carried() {
      const found = new Map();
      for (const link of links) {
        let sum = 0;
        for (const tie of link.ties) {
          const edge = edgeOf.get(tie.number);
          if (edge !== undefined) sum += (isMoney ? Number(tie.minor) : tie.size) - room[edge];
        }
        if (sum !== 0) found.set(link.number, Math.abs(sum));
      }
      return found;
    }
  };
  const remembered = new Map();
  const flowWithout = (removed) => {
    const key = [...removed].sort((one, other) => one - other).join(" ");
    if (!remembered.has(key)) remembered.set(key, largestFlow(removed));
    return remembered.get(key);
  };
  const maximumFlow = (removed) => flowWithout(removed).value;
  const isFlow = () => data.objective === "flow" && !data.folded;
  const carriedWithout = (removed) => (isFlow() ? flowWithout(removed).carried : null);
  finnet.whenScene(() => remembered.clear());

  Object.assign(finnet, { maximumFlow, carriedWithout, isFlow });
}

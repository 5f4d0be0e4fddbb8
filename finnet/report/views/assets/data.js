"use strict";
// What the page holds, as parties, ties (one per record class) and links (all ties between two parties in one direction).
const finnet = {};
{
  const data = JSON.parse(document.getElementById("data").textContent);
  const isMoney = data.scale !== null;
  const reader = (words) => (number) => (number == null || number < 0 ? "" : words[number]);

  // A party and a tie from columns, by their place in them.
  const partyAt = (columns, word, i) => {
    const party = {
      id: columns.id[i],
      name: columns.name[i],
      schema: word(columns.schema[i]),
      family: columns.family[i],
      country: word(columns.country[i]),
      group: columns.group ? columns.group[i] : 0,
      x: columns.x ? columns.x[i] : 0,
      y: columns.y ? columns.y[i] : 0,
      radius: columns.r[i],
      rank: columns.rank[i],
      isSeed: columns.role[i] === 1,
      isExit: columns.role[i] === 2,
      isStub: columns.missing[i] === 1,
      isCaptured: columns.captured ? columns.captured[i] === 1 : false,
      folded: columns.folded ? columns.folded[i] : 0,
      linksInside: columns.links_inside ? columns.links_inside[i] : 0,
      lists: Object.fromEntries(Object.entries(columns.lists).map(([name, column]) => [name, column[i].map(word)])),
      vertex: columns.vertex ? columns.vertex[i] : i, // its number in the whole network; -1 for a group
      origin: i, // its number in the first drawing; -1 for one that is not in it
      opens: -1, // the group that it is
    };
    party.isListed = (party.lists.authorities || []).length > 0;
    return party;
  };
  const tieAt = (columns, word, k, source, target) => {
    const tie = { source, target };
    tie.minor = isMoney ? BigInt(columns.minor[k]) : null;
    tie.size = isMoney ? Number(tie.minor) / data.scale : columns.w[k];
    for (const name of ["class", "schema", "role", "currency", "first", "last", "grade"])
      tie[name] = columns[name] ? word(columns[name][k]) : "";
    for (const name of ["count", "share_min_ppm", "share_max_ppm"]) tie[name] = columns[name] ? columns[name][k] : null;
    tie.isCut = columns.cut ? columns.cut[k] === 1 : false;
    tie.isInferred = columns.inferred ? columns.inferred[k] === 1 : false;
    return tie;
  };

  // What is drawn now. The arrays stay, their content changes when a group is opened.
  const parties = [];
  const ties = [];
  const links = [];
  const arrange = (someParties, someTies) => {
    parties.length = ties.length = links.length = 0;
    for (const party of someParties) {
      Object.assign(party, { number: parties.length, links: [] });
      parties.push(party);
    }
    const byPair = new Map();
    for (const tie of someTies) {
      tie.number = ties.length;
      ties.push(tie);
      const turned = !data.directed && tie.source > tie.target;
      const [source, target] = turned ? [tie.target, tie.source] : [tie.source, tie.target];
      const pair = source * parties.length + target;
      let link = byPair.get(pair);
      if (!link) {
        link = { number: links.length, source, target, ties: [] };
        byPair.set(pair, link);
        links.push(link);
        parties[source].links.push(link);
        if (target !== source) parties[target].links.push(link);
      }
      link.ties.push(tie);
    }
    for (const link of links)
      link.isTwoWay = link.source !== link.target && byPair.has(link.target * parties.length + link.source);
    for (const party of parties) {
      const beside = new Set(party.links.map((link) => (link.source === party.number ? link.target : link.source)));
      beside.delete(party.number);
      party.neighbours = [...beside];
    }
  };

  // Exact amounts in minor units, with thousands apart; other sizes as they are.
  const digits = isMoney ? String(data.scale).length - 1 : 0;
  const amount = (minor) => {
    const sign = minor < 0n ? "−" : "";
    const text = String(minor < 0n ? -minor : minor).padStart(digits + 1, "0");
    const whole = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+$)/g, ",");
    return `${sign}${whole}${digits ? `.${text.slice(-digits)}` : ""} ${data.unit}`;
  };
  const plain = (number) => (Number.isInteger(number) ? number : Number(number.toPrecision(6))).toLocaleString("en");
  const short = (number) => {
    for (const [size, letter] of [[1e12, "tn"], [1e9, "bn"], [1e6, "m"], [1e3, "k"]])
      if (Math.abs(number) >= size) return `${(number / size).toPrecision(3)} ${letter}`;
    return plain(number);
  };
  const total = (some) => {
    if (isMoney) return amount(some.reduce((sum, tie) => sum + tie.minor, 0n));
    return `${plain(some.reduce((sum, tie) => sum + tie.size, 0))} ${data.unit}`;
  };

  const place = (code) => {
    try {
      const name = new Intl.DisplayNames(["en"], { type: "region" }).of(code);
      return name && name !== code ? `${code} ${name}` : code;
    } catch {
      return code;
    }
  };

  const element = (tag, properties, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties || {})) {
      if (name === "class") made.className = value;
      else if (name === "text") made.textContent = value;
      else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== false && value != null) made.setAttribute(name, value);
    }
    made.append(...children.filter((child) => child != null && child !== ""));
    return made;
  };

  Object.assign(finnet, { data, parties, ties, links, arrange, partyAt, tieAt, reader, isMoney });
  Object.assign(finnet, { amount, plain, short, total, place, element });
}

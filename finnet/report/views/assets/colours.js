"use strict";
// What colour says: the jurisdiction, the community or the type. Shape says the type in any case.
{
  const { data, parties, state } = finnet;
  const OTHER = "#a3abb4";
  let tables = {};

  const table = (value) => {
    const found = new Map();
    for (const party of parties) if (value(party) !== "") found.set(value(party), (found.get(value(party)) || 0) + 1);
    const ranked = [...found].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1));
    return new Map(ranked.slice(0, data.palette.length).map(([key], i) => [key, data.palette[i]]));
  };
  const colourOf = (party) => {
    if (state.colourBy === "type" || (party.folded && state.colourBy === "group")) return data.families[party.family][2];
    const key = state.colourBy === "group" ? party.group : party.country;
    return tables[state.colourBy].get(key) || OTHER;
  };
  const swatchOf = (key) => (tables[state.colourBy] && tables[state.colourBy].get(key)) || OTHER;

  finnet.whenScene(() => {
    tables = { jurisdiction: table((party) => party.country), group: table((party) => (party.folded ? "" : party.group)) };
    finnet.colourings = [
      ["jurisdiction", "Jurisdiction", tables.jurisdiction.size > 1],
      ["group", "Group", tables.group.size > 1],
      ["type", "Type", true],
    ].filter(([, , isThere]) => isThere);
    const isThere = finnet.colourings.some(([name]) => name === state.wishedColour);
    if (isThere) state.colourBy = state.wishedColour;
    else state.colourBy = tables.jurisdiction.size > 1 ? "jurisdiction" : "type";
  });
  Object.assign(finnet, { colourOf, swatchOf });
}

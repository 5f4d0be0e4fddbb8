"use strict";
// What the reader has chosen to see. Whoever changes it calls finnet.changed().
{
  const state = {
    withoutSchemata: new Set(),
    withoutCountries: new Set(),
    withoutClasses: new Set(),
    onlyMarked: new Set(),
    least: 0,
    hidden: new Set(),
    only: null, // a set of parties to show alone, or null
    rings: 0,
    removed: new Set(),
    removedBy: "none", // "none", the number of a set, or "own"
    own: new Set(),
    party: null,
    link: null,
    lit: null, // a set of parties to stress, or null
    litLinks: null,
    pathFrom: null,
    isTable: false,
    isDark: matchMedia("(prefers-color-scheme: dark)").matches,
  };
  const { parties, data } = finnet;

  const hasMark = (party, mark) =>
    ({ rank: party.rank > 0, listed: party.isListed, seed: party.isSeed, exit: party.isExit })[mark];
  const isShown = (party) =>
    !state.hidden.has(party.number) &&
    !(state.only && !state.only.has(party.number)) &&
    !state.withoutSchemata.has(party.schema) &&
    !state.withoutCountries.has(party.country) &&
    (state.onlyMarked.size === 0 || [...state.onlyMarked].some((mark) => hasMark(party, mark)));
  const shownTies = (link) => link.ties.filter((tie) => !state.withoutClasses.has(tie.class));
  const isLinkShown = (link) => {
    if (!isShown(parties[link.source]) || !isShown(parties[link.target])) return false;
    const ties = shownTies(link);
    return ties.length > 0 && ties.reduce((sum, tie) => sum + tie.size, 0) >= state.least;
  };
  const isSevered = (link) => state.removed.has(link.source) || state.removed.has(link.target);

  const listeners = [];
  const changed = () => listeners.forEach((listener) => listener());
  const whenChanged = (listener) => listeners.push(listener);

  const members = (by) => {
    if (by === "none") return new Set();
    return by === "own" ? new Set(state.own) : new Set(data.sets[by].members);
  };
  const remove = (by) => {
    state.removedBy = by;
    state.removed = members(by);
    changed();
  };
  const toggleOwn = (party) => {
    if (state.removedBy !== "own") state.own = new Set(state.removed);
    if (!state.own.delete(party.number)) state.own.add(party.number);
    remove("own");
  };

  Object.assign(finnet, { state, hasMark, isShown, isLinkShown, shownTies, isSevered, changed, whenChanged, members });
  Object.assign(finnet, { remove, toggleOwn });
}

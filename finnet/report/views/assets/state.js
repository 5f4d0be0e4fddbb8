"use strict";
// What the reader has chosen to see. Whoever changes it calls finnet.changed().
{
  const state = {
    withoutSchemata: new Set(),
    withoutCountries: new Set(),
    withoutGroups: new Set(),
    withoutClasses: new Set(),
    withoutGrades: new Set(),
    onlyMarked: new Set(),
    least: 0,
    since: "", // ISO dates of any precision; "" for no bound
    until: "",
    hidden: new Set(),
    only: null, // a set of parties to show alone, or null
    removed: new Set(),
    removedBy: "none", // "none", the number of a set, or "own"
    own: new Set(),
    party: null,
    link: null,
    lit: null, // a set of parties to stress, or null
    litLinks: null,
    pathFrom: null,
    colourBy: "",
    isTable: false,
    isDark: matchMedia("(prefers-color-scheme: dark)").matches,
  };
  const { parties, data } = finnet;

  const hasMark = (party, mark) =>
    ({ rank: party.rank > 0, listed: party.isListed, captured: party.isCaptured, seed: party.isSeed, exit: party.isExit })[mark];
  const isShown = (party) =>
    !state.hidden.has(party.number) &&
    !(state.only && !state.only.has(party.number)) &&
    !state.withoutSchemata.has(party.schema) &&
    !state.withoutCountries.has(party.country) &&
    !state.withoutGroups.has(party.group) &&
    (state.onlyMarked.size === 0 || [...state.onlyMarked].some((mark) => hasMark(party, mark)));
  // A tie surely outside the time is left out; one without dates never is. "2019" meets "2019-03".
  const isInTime = (tie) =>
    !(state.until && tie.first && tie.first > `${state.until}~`) && !(state.since && tie.last && `${tie.last}~` < state.since);
  const shownTies = (link) =>
    link.ties.filter((tie) => !state.withoutClasses.has(tie.class) && !state.withoutGrades.has(tie.grade) && isInTime(tie));
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

  // What was hidden or shown alone can be taken back step by step.
  const steps = [];
  const remember = () => steps.push({ hidden: new Set(state.hidden), only: state.only, narrowedTo: state.narrowedTo });
  const undo = () => {
    const last = steps.pop();
    if (last) Object.assign(state, last);
    changed();
    return Boolean(last);
  };
  const canUndo = () => steps.length > 0;

  // Another scene is drawn: numbers of parties mean others from now on.
  const forget = () => {
    steps.length = 0;
    for (const name of ["withoutSchemata", "withoutCountries", "withoutGroups", "withoutClasses", "withoutGrades", "onlyMarked", "hidden", "own"])
      state[name].clear();
    Object.assign(state, { least: 0, since: "", until: "", only: null, removed: new Set(), removedBy: "none" });
    Object.assign(state, { party: null, link: null, lit: null, litLinks: null, pathFrom: null });
  };

  Object.assign(finnet, { state, hasMark, isShown, isLinkShown, shownTies, isSevered, changed, whenChanged, members });
  Object.assign(finnet, { remove, toggleOwn, remember, undo, canUndo, forget });
}

"use strict";
// Keys, buttons, clicks; then the first drawing.
{
  const { state, network, parties, links } = finnet;
  const find = (id) => document.getElementById(id);
  const dialog = find("keys");
  const shownParty = () => (state.party === null ? null : parties[state.party]);
  const withParty = (action) => () => {
    const party = shownParty();
    if (party) action(party);
    else finnet.tell("Choose a party first: click it, or search for it.");
  };
  const step = (by) => {
    const chosen = parties.filter((party) => party.rank > 0).sort((one, other) => one.rank - other.rank || one.number - other.number);
    if (!chosen.length) return finnet.tell("No choke points are marked on this page.");
    const at = chosen.findIndex((party) => party.number === state.party);
    state.pathFrom = null;
    finnet.choose(chosen[(at < 0 ? (by > 0 ? 0 : chosen.length - 1) : at + by + chosen.length) % chosen.length], true);
  };
  const night = () => {
    state.isDark = !state.isDark;
    dress();
    finnet.changed();
  };
  const dress = () => {
    document.documentElement.classList.toggle("dark", state.isDark);
    find("night").setAttribute("aria-pressed", String(state.isDark));
  };
  const side = (isOpen) => {
    document.body.classList.toggle("has-side", isOpen);
    find("show-side").setAttribute("aria-expanded", String(isOpen));
  };
  const back = () => {
    const isOver = getComputedStyle(find("details")).position === "absolute";
    if (isOver && document.body.classList.contains("has-opening")) opening(false);
    else if (document.body.classList.contains("has-side")) side(false);
    else if (state.pathFrom !== null || state.party !== null || state.link !== null || state.lit) finnet.chooseNothing();
    else if (state.isTable) finnet.showTable(false);
    else if (state.only) finnet.showHidden();
    else if (state.removedBy !== "none") finnet.remove("none");
    else if (finnet.trail.length) finnet.leave();
  };
  // What the page says first: on a narrow window it lies over the drawing until it is closed.
  const opening = (isOpen) => {
    document.body.classList.toggle("has-opening", isOpen);
    if (isOpen) finnet.chooseNothing();
  };

  const KEYS = {
    "/": () => find("query").focus(),
    "?": () => dialog.showModal(),
    r: () => step(1),
    R: () => step(-1),
    w: () => finnet.flip(),
    x: withParty(finnet.toggleOwn),
    p: withParty(finnet.startPath),
    e: withParty(finnet.narrow),
    h: withParty(finnet.hide),
    H: () => finnet.showHidden(),
    E: withParty(finnet.expand),
    u: () => finnet.undoStep(),
    o: withParty((party) => (party.opens >= 0 || !finnet.hasWhole() ? finnet.open(party) : finnet.openAround(party.vertex))),
    b: () => (finnet.trail.length ? finnet.leave() : finnet.tell("This is the overview.")),
    i: () => opening(!document.body.classList.contains("has-opening") || state.party !== null),
    c: () => finnet.nextColouring(),
    "[": () => finnet.shiftTime(-1),
    "]": () => finnet.shiftTime(1),
    t: () => finnet.showTable(!state.isTable),
    f: () => finnet.fit(),
    s: () => finnet.save(),
    S: () => finnet.saveDrawing(),
    n: night,
    Escape: back,
    "+": () => finnet.zoom(1.25),
    "=": () => finnet.zoom(1.25),
    "-": () => finnet.zoom(0.8),
  };
  const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  document.addEventListener("keydown", (event) => {
    if (dialog.open || event.ctrlKey || event.metaKey || event.altKey) return;
    const inField = event.target instanceof HTMLInputElement && ["search", "range", "text"].includes(event.target.type);
    const isLetter = event.key.length === 1 && event.target.type === "range";
    if (inField && !isLetter && event.key !== "Escape") return;
    if (inField) event.target.blur();
    const move = MOVES[event.key];
    if (move && document.activeElement === find("graph")) finnet.move(...move);
    else if (KEYS[event.key]) KEYS[event.key]();
    else return;
    event.preventDefault();
  });

  find("fit").addEventListener("click", () => finnet.fit());
  find("night").addEventListener("click", night);
  find("show-opening").addEventListener("click", () => opening(!document.body.classList.contains("has-opening")));
  find("help").addEventListener("click", () => dialog.showModal());
  find("show-side").addEventListener("click", () => side(!document.body.classList.contains("has-side")));
  network.on("click", (event) => {
    document.body.classList.remove("has-opening");
    if (event.nodes.length) {
      const party = parties[event.nodes[0]];
      if (event.event.srcEvent && event.event.srcEvent.shiftKey && state.party !== null) finnet.findPath(parties[state.party], party);
      else finnet.choose(party, false);
    } else if (event.edges.length) finnet.chooseLink(links[event.edges[0]]);
    else if (state.lit || state.party !== null) finnet.chooseNothing();
  });
  network.on("doubleClick", (event) => {
    if (!event.nodes.length) return;
    const party = parties[event.nodes[0]];
    if (party.opens >= 0) finnet.open(party);
    else finnet.narrow(party);
  });

  dress();
  if (finnet.data.opening) document.body.classList.add("has-opening");
  finnet.begin();
  let size = "";
  network.on("resize", () => {
    const canvas = document.querySelector("#graph canvas");
    const now = `${canvas.clientWidth}x${canvas.clientHeight}`;
    if (size && now !== size && state.party === null && !state.lit) finnet.fit();
    size = now;
  });
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
  // The records, and whoever is not drawn yet, after the first drawing is on the screen.
  requestAnimationFrame(() => setTimeout(finnet.unpackAll));
}

"use strict";
// The shortest way between two parties among what is shown, and what hides parties from sight.
{
  const { data, parties, links, state, element, isShown, isLinkShown, hint, pointer } = finnet;
  const status = document.getElementById("status");
  let found = null;

  const startPath = (party) => {
    state.pathFrom = party.number;
    finnet.changed();
    finnet.tell("Now choose the other end: click it, or search for it. Esc gives up.");
  };

  const search = (from, to, isAllowed) => {
    const before = new Map([[from.number, null]]);
    const queue = [from.number];
    for (let at = 0; at < queue.length && !before.has(to.number); at++)
      for (const link of parties[queue[at]].links) {
        const ahead = link.source === queue[at] ? link.target : link.source;
        if (before.has(ahead) || !isAllowed(link, queue[at]) || !isShown(parties[ahead]) || state.removed.has(ahead)) continue;
        before.set(ahead, link);
        queue.push(ahead);
      }
    if (!before.has(to.number)) return null;
    const steps = [];
    for (let here = to.number; before.get(here); ) {
      const link = before.get(here);
      steps.unshift(link);
      here = link.source === here ? link.target : link.source;
    }
    return steps;
  };

  const findPath = (from, to) => {
    const along = (link, here) => isLinkShown(link) && link.source === here;
    const against = (link, here) => isLinkShown(link) && link.target === here;
    const tries = data.directed
      ? [["along the direction of the links", along], ["against the direction of the links", against], ["whatever the direction of the links", isLinkShown]]
      : [["", isLinkShown]];
    state.pathFrom = null;
    for (const [how, isAllowed] of tries) {
      const steps = search(from, to, isAllowed);
      if (!steps) continue;
      found = { from, to, how, steps };
      const on = [from.number, ...steps.flatMap((link) => [link.source, link.target])];
      Object.assign(state, { party: null, link: null, lit: new Set(on), litLinks: new Set(steps.map((link) => link.number)) });
      if (state.isTable) finnet.showTable(false);
      finnet.changed();
      finnet.fit([...new Set(on)]);
      return;
    }
    finnet.choose(from, true);
    finnet.tell(`No path between ${from.name} and ${to.name} among what is shown${state.removed.size ? ", with the chosen parties taken out" : ""}.`);
  };

  const showPath = () => {
    const items = [element("li", {}, pointer(found.from))];
    let here = found.from.number;
    for (const link of found.steps) {
      const isOut = link.source === here;
      here = isOut ? link.target : link.source;
      const lines = link.ties.slice(0, 4).map((tie) => element("div", { class: "where", text: `${data.directed ? (isOut ? "↓" : "↑") : "|"} ${finnet.tieLine(tie) || "link"}` }));
      items.push(element("li", { class: "step" }, ...lines, element("button", { class: "record-of", text: "record", onclick: () => finnet.chooseLink(link) })));
      items.push(element("li", {}, pointer(parties[here])));
    }
    const steps = found.steps.length;
    finnet.details.replaceChildren(
      element("h2", { text: `Path: ${steps} ${steps === 1 ? "step" : "steps"}`, tabindex: "-1" }),
      hint(["Shortest among what is shown", found.how].filter(Boolean).join(", ") + "."),
      element("ul", { class: "path" }, ...items)
    );
  };

  const hide = (party) => {
    finnet.remember();
    state.hidden.add(party.number);
    finnet.chooseNothing();
  };
  const showHidden = () => {
    if (state.hidden.size || state.only) finnet.remember();
    state.hidden.clear();
    state.only = null;
    finnet.changed();
  };
  const narrow = (party) => {
    const isSame = state.only && state.narrowedTo === party.number;
    const ring = new Set(isSame ? state.only : [party.number]);
    for (const number of [...ring]) for (const beside of parties[number].neighbours) ring.add(beside);
    finnet.remember();
    Object.assign(state, { only: ring, narrowedTo: party.number, lit: null });
    finnet.changed();
    finnet.fit([...ring].filter((number) => isShown(parties[number])));
  };

  // Its neighbours come back into sight, whatever else is hidden.
  const expand = (party) => {
    finnet.remember();
    state.hidden = new Set([...state.hidden].filter((number) => !party.neighbours.includes(number)));
    if (state.only) state.only = new Set([...state.only, ...party.neighbours]);
    finnet.choose(party, false);
  };
  const undo = () => {
    if (!finnet.undo()) tell("Nothing to take back.");
  };

  // What is shown, what is taken out, and what is to be done next.
  let message = "";
  const tell = (text) => {
    message = text;
    report();
  };
  const report = () => {
    const shown = parties.filter(isShown);
    const shownLinks = links.filter(isLinkShown).length;
    const noun = data.folded ? "parties and groups" : "parties";
    const parts = [`${shown.length.toLocaleString("en")} of ${parties.length.toLocaleString("en")} ${noun}, ${shownLinks.toLocaleString("en")} of ${links.length.toLocaleString("en")} links shown`];
    const ties = links.reduce((count, link) => count + link.ties.length, 0);
    if (ties > links.length) parts.push(`${ties.toLocaleString("en")} links, those between the same two drawn as one`);
    if (state.removed.size && !data.folded) parts.push(`${state.removed.size} taken out, ${finnet.assess(state.removed).cut.size.toLocaleString("en")} more cut off`);
    const make = (text, key, action) => element("button", { class: "again", text, title: `Key ${key}`, onclick: action });
    const again = state.hidden.size || state.only ? make("Show hidden", "H", showHidden) : null;
    const back = finnet.canUndo() ? make("Undo", "u", undo) : null;
    status.replaceChildren(...[message ? element("strong", { text: message }) : null, element("span", { text: parts.join(" · ") }), back, again].filter(Boolean));
    message = "";
  };
  finnet.whenChanged(report);

  Object.assign(finnet, { startPath, findPath, showPath, hide, showHidden, narrow, expand, undoStep: undo, tell });
}

"use strict";
// Filters that are the legend as well: what is switched off is not shown.
{
  const { data, parties, ties, links, state, element, place, icons, plain, short, isMoney } = finnet;
  const find = (id) => document.getElementById(id);
  let boxes = [];

  const counts = (values, sizes) => {
    const found = new Map();
    values.forEach((value, i) => found.set(value, (found.get(value) || 0) + (sizes ? sizes[i] : 1)));
    return [...found].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1));
  };
  // A folded country is as many parties as it stands for; a folded community has no one country.
  const standsFor = (party) => (party.folded && (party.country || data.kind === "jurisdictions") ? party.folded : 1);
  const box = (isOn, flip, icon, text, count) => {
    const input = element("input", { type: "checkbox", onchange: () => { flip(input.checked); finnet.changed(); } });
    input.checked = isOn();
    boxes.push(() => (input.checked = isOn()));
    return element("label", { class: "choice" }, input, icon, element("span", { class: "label", text }), element("span", { class: "count", text: count.toLocaleString("en") }));
  };
  const off = (set, value) => [() => !set.has(value), (isOn) => (isOn ? set.delete(value) : set.add(value))];
  const only = (mark) => [() => state.onlyMarked.has(mark), (isOn) => (isOn ? state.onlyMarked.add(mark) : state.onlyMarked.delete(mark))];
  const allOrNone = (set, values) =>
    element(
      "span",
      { class: "all" },
      element("button", { text: "all", onclick: () => { set.clear(); again(); } }),
      element("button", { text: "none", onclick: () => { values.forEach((value) => set.add(value)); again(); } })
    );
  const again = () => {
    refreshFilters();
    finnet.changed();
  };
  // A section with a line per value; nothing where there is nothing to choose.
  const fill = (id, title, set, found, line, least = 2) => {
    const section = find(id);
    section.hidden = found.length < least;
    if (section.hidden) return section.replaceChildren();
    const values = found.map(([value]) => value);
    section.replaceChildren(
      element("h2", {}, element("span", { text: title }), values.length > 2 ? allOrNone(set, values) : null),
      ...found.map(([value, count]) => box(...off(set, value), ...line(value), count))
    );
  };

  const colouring = () => {
    const choose = (name) => {
      state.colourBy = state.wishedColour = name;
      build();
      finnet.changed();
    };
    const options = finnet.colourings.map(([name, text]) => {
      const input = element("input", { type: "radio", name: "colouring", value: name, onchange: () => choose(name) });
      input.checked = state.colourBy === name;
      return element("label", { class: "radio" }, input, text);
    });
    find("colouring").replaceChildren(element("h2", { text: "Colour says" }), element("div", { class: "radios" }, ...options));
  };
  const legend = () => {
    const family = new Map(parties.map((party) => [party.schema, party.family]));
    const colour = (schema) => (state.colourBy === "type" ? data.families[family.get(schema)][2] : "#8d99a6");
    fill("legend", "Type (shape)", state.withoutSchemata, counts(parties.map((party) => party.schema)), (schema) => [icons.family(family.get(schema), colour(schema)), schema || "type not recorded"], 1);
  };
  const marks = () => {
    const present = [
      ["rank", "Choke point"],
      ["listed", "Listed"],
      ["captured", "Captured by the rule"],
      ["seed", "Seed"],
      ["exit", "Exit"],
    ]
      .map(([mark, text]) => [mark, text, parties.filter((party) => finnet.hasMark(party, mark)).length])
      .filter(([, , count]) => count);
    const section = find("marks");
    section.hidden = !present.length;
    section.replaceChildren(
      element("h2", {}, element("span", { text: "Only those marked" })),
      ...present.map(([mark, text, count]) => box(...only(mark), icons.mark[mark](), text, count))
    );
  };
  const flow = () => {
    const section = find("carrying");
    section.hidden = !finnet.isFlow();
    const cut = ties.filter((tie) => tie.isCut);
    section.replaceChildren(
      ...(cut.length ? [element("div", { class: "choice" }, icons.line("#d55e00"), element("span", { class: "label", text: `the cut: ${finnet.total(cut)}` }))] : []),
      element("div", { class: "choice" }, icons.flow(), element("span", { class: "label", text: "carries it from seeds to exits" })),
      element("p", { class: "hint", text: "One largest flow; others may be as large." })
    );
  };
  const jurisdictions = () =>
    fill("jurisdictions", "Jurisdictions", state.withoutCountries, counts(parties.map((party) => party.country), parties.map(standsFor)), (country) => [
      state.colourBy === "jurisdiction" ? icons.swatch(country ? finnet.swatchOf(country) : finnet.swatchOf("")) : null,
      country ? place(country) : "not recorded",
    ]);
  const groups = () => {
    const strongest = new Map();
    for (const party of finnet.order) if (!strongest.has(party.group)) strongest.set(party.group, party.name);
    const found = state.colourBy === "group" ? counts(parties.map((party) => party.group)).slice(0, 60) : [];
    fill("groups", "Groups (by their links)", state.withoutGroups, found, (group) => [icons.swatch(finnet.swatchOf(group)), `around ${strongest.get(group)}`]);
  };
  const classes = () => {
    const found = counts(ties.map((tie) => tie.class));
    const isNamed = found.length > 1 || (found[0] && found[0][0]);
    const colour = (name) => (found.length > 1 ? data.linkColours[name] || "#98a3ae" : "#98a3ae");
    fill("classes", "Links", state.withoutClasses, isNamed ? found : [], (name) => [icons.line(colour(name)), name || "class not recorded"], 1);
    const inferred = ties.filter((tie) => tie.isInferred).length;
    if (inferred) {
      find("classes").hidden = false;
      find("classes").append(
        element("div", { class: "choice" }, icons.line("#98a3ae", "5 3"), element("span", { class: "label", text: "inferred: no record states it" }), element("span", { class: "count", text: plain(inferred) }))
      );
    }
  };
  const WORDS = { A: "completely reliable", B: "usually reliable", C: "fairly reliable", D: "not usually reliable", E: "unreliable", F: "cannot be judged" };
  const grades = () => {
    const found = counts(ties.map((tie) => tie.grade)).sort(([one], [other]) => ((one || "~") < (other || "~") ? -1 : 1));
    fill("grades", "Best grade of a link's records", state.withoutGrades, found.length === 1 && !found[0][0] ? [] : found, (grade) => [null, grade ? `${grade} (${WORDS[grade[0]] || "source"})` : "no grade"], 1);
  };
  const amounts = () => {
    const section = find("amounts");
    const sizes = links.map(finnet.sizeOf).sort((one, other) => one - other);
    section.hidden = !(sizes.length > 1 && sizes[0] < sizes[sizes.length - 1]);
    const shown = element("output", { text: "all" });
    const slider = element("input", {
      type: "range",
      id: "least",
      min: 0,
      max: 100,
      value: 0,
      "aria-label": `Least size of a link, in ${data.unit}`,
      oninput: () => {
        const step = Math.min(sizes.length - 1, Math.floor((Number(slider.value) / 100) * sizes.length));
        state.least = Number(slider.value) ? sizes[step] : 0;
        shown.textContent = state.least ? `≥ ${isMoney ? `${short(state.least)} ${data.unit}` : plain(state.least)}` : "all";
        finnet.changed();
      },
    });
    section.replaceChildren(
      element("h2", {}, element("span", { text: "Least size of a link" }), shown),
      slider,
      element("p", { class: "hint", text: `Larger party: more ${isMoney ? data.unit : "links"} through it. Wider link: more of it.` })
    );
  };

  const build = () => {
    boxes = [];
    for (const section of [colouring, legend, marks, flow, jurisdictions, groups, classes, grades]) section();
  };
  finnet.nextColouring = () => {
    const names = finnet.colourings.map(([name]) => name);
    state.colourBy = state.wishedColour = names[(names.indexOf(state.colourBy) + 1) % names.length];
    build();
    finnet.changed();
  };
  finnet.whenScene(() => {
    build();
    amounts();
  });
  const refreshFilters = () => boxes.forEach((refresh) => refresh());
  Object.assign(finnet, { refreshFilters });
}

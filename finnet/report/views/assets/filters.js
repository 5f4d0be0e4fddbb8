"use strict";
// Filters that are the legend as well: what is switched off is not shown.
{
  const { data, parties, ties, links, state, element, place, icons, plain, short, amount, isMoney } = finnet;
  const boxes = [];

  const counts = (values) => {
    const found = new Map();
    for (const value of values) found.set(value, (found.get(value) || 0) + 1);
    return [...found].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1));
  };
  const box = (isOn, flip, icon, text, count) => {
    const input = element("input", { type: "checkbox", onchange: () => { flip(input.checked); finnet.changed(); } });
    input.checked = isOn();
    boxes.push(() => (input.checked = isOn()));
    return element("label", { class: "choice" }, input, icon, element("span", { class: "label", text }), element("span", { class: "count", text: count.toLocaleString("en") }));
  };
  const off = (set, value) => [() => !set.has(value), (isOn) => (isOn ? set.delete(value) : set.add(value))];
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
  const fill = (id, title, set, values, children) => {
    const section = document.getElementById(id);
    section.replaceChildren(element("h2", {}, element("span", { text: title }), values.length > 2 ? allOrNone(set, values) : null), ...children);
  };

  const schemata = counts(parties.map((party) => party.schema));
  const family = new Map(parties.map((party) => [party.schema, party.family]));
  fill(
    "legend",
    "Parties",
    state.withoutSchemata,
    schemata.map(([schema]) => schema),
    schemata.map(([schema, count]) => box(...off(state.withoutSchemata, schema), icons.family(family.get(schema)), schema || "type not recorded", count))
  );

  const marks = [
    ["rank", "Choke point"],
    ["listed", "Listed"],
    ["seed", "Seed"],
    ["exit", "Exit"],
  ].map(([mark, text]) => [mark, text, parties.filter((party) => finnet.hasMark(party, mark)).length]);
  const present = marks.filter(([, , count]) => count);
  const only = (mark) => [() => state.onlyMarked.has(mark), (isOn) => (isOn ? state.onlyMarked.add(mark) : state.onlyMarked.delete(mark))];
  const section = document.getElementById("marks");
  if (present.length)
    section.replaceChildren(
      element("h2", {}, element("span", { text: "Only those marked" })),
      ...present.map(([mark, text, count]) => box(...only(mark), icons.mark[mark](), text, count))
    );
  else section.remove();

  const countries = counts(parties.map((party) => party.country));
  if (countries.length > 1)
    fill(
      "jurisdictions",
      "Jurisdictions",
      state.withoutCountries,
      countries.map(([country]) => country),
      countries.map(([country, count]) => box(...off(state.withoutCountries, country), null, country ? place(country) : "not recorded", count))
    );
  else document.getElementById("jurisdictions").remove();

  const classes = counts(ties.map((tie) => tie.class));
  const dashes = (name) => (name === "linked" ? "5 3" : null);
  if (classes.length > 1 || (classes[0] && classes[0][0]))
    fill(
      "classes",
      "Links",
      state.withoutClasses,
      classes.map(([name]) => name),
      classes.map(([name, count]) =>
        box(...off(state.withoutClasses, name), icons.line(classes.length > 1 ? data.linkColours[name] || "#98a3ae" : "#98a3ae", dashes(name)), name || "class not recorded", count)
      )
    );
  else document.getElementById("classes").remove();

  if (finnet.isFlow) {
    const line = element("div", { class: "choice" }, icons.flow(), element("span", { class: "label", text: "carries it from seeds to exits" }));
    const marks = document.getElementById("marks") || document.getElementById("legend");
    marks.append(line, element("p", { class: "hint", text: "One largest flow; others may be as large." }));
  }

  const sizes = links.map(finnet.sizeOf).sort((one, other) => one - other);
  const varied = sizes.length > 1 && sizes[0] < sizes[sizes.length - 1];
  if (varied) {
    const shown = element("output", { text: "all" });
    const slider = element("input", {
      type: "range",
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
    boxes.push(() => {});
    document.getElementById("amounts").replaceChildren(
      element("h2", {}, element("span", { text: "Least size of a link" }), shown),
      slider,
      element("p", { class: "hint", text: `Larger party: more ${isMoney ? data.unit : "links"} through it. Wider link: more of it.` })
    );
  } else document.getElementById("amounts").remove();

  const refreshFilters = () => boxes.forEach((refresh) => refresh());
  Object.assign(finnet, { refreshFilters });
}

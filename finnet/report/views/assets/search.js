"use strict";
// Search by name or id, whatever the case and the accents. The result is chosen by click or by keyboard.
{
  const { order, element, state, place, isShown } = finnet;
  const field = document.getElementById("query");
  const hits = document.getElementById("hits");
  const MOST = 30;
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
  const keys = new Map();
  finnet.whenScene(() => {
    keys.clear();
    for (const party of order) keys.set(party.number, `${fold(party.name)}\n${fold(party.id)}`);
  });
  let active = -1;

  const close = () => {
    hits.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
    active = -1;
  };
  const take = (party) => {
    close();
    field.value = "";
    field.blur();
    if (!isShown(party)) finnet.reveal(party);
    finnet.choose(party, true);
  };
  const mark = (to) => {
    const options = [...hits.querySelectorAll("[role=option]")];
    if (!options.length) return;
    active = (to + options.length) % options.length;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === active)));
    field.setAttribute("aria-activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  };
  // Everybody in the network, those too who are not in the first drawing; their keys are made when first searched.
  let everybody = null;
  let wholeKeys = null;
  finnet.searchWhole = (nodes, isDrawn, word) => (everybody = { nodes, isDrawn, word });
  const elsewhere = (wanted, most) => {
    if (!everybody) return [];
    const { nodes } = everybody;
    wholeKeys ||= nodes.id.map((id, i) => `${fold(nodes.name[i])}\n${fold(id)}`);
    const here = new Set(finnet.parties.map((party) => party.vertex));
    const found = [];
    for (let i = 0; i < wholeKeys.length && found.length < most; i++)
      if (!here.has(i) && wholeKeys[i].includes(wanted)) found.push(i);
    return found;
  };
  const other = (i, place) => {
    const { nodes, word, isDrawn } = everybody;
    const take = () => {
      close();
      field.value = "";
      field.blur();
      finnet.goTo(i);
    };
    return element(
      "div",
      { role: "option", id: `hit-${place}`, class: "hit", "aria-selected": "false", onmousedown: (event) => event.preventDefault(), onclick: take },
      finnet.icons.family(nodes.family[i]),
      element("span", { class: "hit-name", text: nodes.name[i] }),
      element("span", { class: "where", text: [word(nodes.schema[i]), word(nodes.country[i]), isDrawn(i) ? "in the overview" : "not drawn yet"].filter(Boolean).join(" · ") })
    );
  };
  const search = () => {
    const wanted = fold(field.value);
    if (!wanted) return close();
    const found = order.filter((party) => keys.get(party.number).includes(wanted));
    const starting = (party) => (keys.get(party.number).startsWith(wanted) ? 0 : 1);
    found.sort((one, other) => starting(one) - starting(other)); // stable: importance decides among equals
    const options = found.slice(0, MOST).map((party, i) =>
      element(
        "div",
        { role: "option", id: `hit-${i}`, class: "hit", "aria-selected": "false", onmousedown: (event) => event.preventDefault(), onclick: () => take(party) },
        finnet.icons.family(party.family),
        element("span", { class: "hit-name", text: party.name }),
        element("span", { class: "where", text: [party.rank && `choke point ${party.rank}`, party.schema, party.country].filter(Boolean).join(" · ") })
      )
    );
    const others = elsewhere(wanted, Math.max(3, MOST - options.length));
    options.push(...others.map((one, i) => other(one, options.length + i)));
    const rest = found.length - Math.min(found.length, MOST);
    hits.replaceChildren(
      ...(options.length ? options : [element("p", { class: "hint", text: "Nobody here by that name or id." })]),
      ...(rest > 0 ? [element("p", { class: "hint", text: `and ${rest.toLocaleString("en")} more: type on` })] : [])
    );
    hits.hidden = false;
    field.setAttribute("aria-expanded", "true");
    mark(0);
  };
  field.addEventListener("input", search);
  field.addEventListener("focus", search);
  field.addEventListener("blur", () => setTimeout(() => document.activeElement !== field && close(), 100));
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") mark(active + 1);
    else if (event.key === "ArrowUp") mark(active - 1);
    else if (event.key === "Enter") {
      const option = hits.querySelectorAll("[role=option]")[active];
      if (option) option.click();
    } else return;
    event.preventDefault();
  });
  // What filters hide is shown again when somebody asks for it by name.
  finnet.reveal = (party) => {
    state.hidden.delete(party.number);
    state.only = null;
    state.withoutSchemata.delete(party.schema);
    state.withoutCountries.delete(party.country);
    state.withoutGroups.delete(party.group);
    state.onlyMarked.clear();
    finnet.refreshFilters();
  };
}

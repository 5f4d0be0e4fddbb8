"use strict";
// The same content as a table: what is shown in the graph, sorted as the reader likes; also the way in without sight.
{
  const { data, parties, links, state, element, isShown, isLinkShown, shownTies, isMoney, amount, plain, pointer, assess } = finnet;
  const panel = document.getElementById("table");
  const button = document.getElementById("show-table");
  const STEP = 300;
  const view = { kind: "parties", most: STEP };

  const sum = (some) => (isMoney ? some.reduce((all, tie) => all + tie.minor, 0n) : some.reduce((all, tie) => all + tie.size, 0));
  const size = (value) => (isMoney ? amount(value) : plain(value));
  const through = (party, way) => sum(party.links.filter((link) => link[way] === party.number).flatMap((link) => link.ties));
  const whatIf = (party) => {
    if (state.removed.has(party.number)) return "taken out";
    return state.removed.size && assess(state.removed).cut.has(party.number) ? "cut off" : "";
  };

  // Each column: title, value to sort by ("" sorts last either way), how it is shown, whether it is a number.
  const columns = () => ({
    parties: [
      ["Rank", (party) => party.rank || "", null, true],
      ["Name", (party) => party.name, (party) => pointer(party)],
      ["Type", (party) => party.schema],
      ["Jurisdiction", (party) => party.country],
      ["Listed by", (party) => (party.lists.authorities || []).join(", ")],
      ["Part", (party) => (party.isSeed ? "seed" : party.isExit ? "exit" : party.isCaptured ? "captured" : "")],
      ["Neighbours", (party) => party.neighbours.length, null, true],
      ...(data.directed
        ? [
            ["In", (party) => through(party, "target"), (party) => size(through(party, "target")), true],
            ["Out", (party) => through(party, "source"), (party) => size(through(party, "source")), true],
          ]
        : []),
      ["What if", whatIf],
      ["Id", (party) => party.id, (party) => element("code", { text: party.id })],
    ],
    links: [
      [data.directed ? "From" : "One end", (link) => parties[link.source].name, (link) => pointer(parties[link.source])],
      [data.directed ? "To" : "Other end", (link) => parties[link.target].name, (link) => pointer(parties[link.target])],
      [isMoney ? "Amount" : "Size", (link) => sum(shownTies(link)), (link) => size(sum(shownTies(link))), true],
      ["Class", (link) => [...new Set(shownTies(link).map((tie) => tie.class))].join(", ")],
      ["Role", (link) => [...new Set(shownTies(link).map((tie) => tie.role).filter(Boolean))].join(", ")],
      ["First", (link) => shownTies(link).map((tie) => tie.first).filter(Boolean).sort()[0] || ""],
      ["Last", (link) => shownTies(link).map((tie) => tie.last).filter(Boolean).sort().pop() || ""],
      ["Grade", (link) => shownTies(link).map((tie) => tie.grade).filter(Boolean).sort()[0] || ""],
      ["Record", () => "", (link) => element("button", { class: "name", text: "show", onclick: () => { finnet.showTable(false); finnet.chooseLink(link); } })],
    ],
  });
  const used = {};
  finnet.whenScene(() => {
    const all = columns();
    for (const [kind, things] of [["parties", parties], ["links", links]])
      used[kind] = all[kind].filter(([title, value]) => ["Record", "What if"].includes(title) || things.some((thing) => value(thing) !== ""));
  });

  const compare = (one, other) => (typeof one === "string" && typeof other === "string" ? one.localeCompare(other, "en") : one < other ? -1 : one > other ? 1 : 0);
  const sorted = (things, [title, way]) => {
    const column = used[view.kind].find(([name]) => name === title) || used[view.kind][0];
    const keyed = things.map((thing) => [column[1](thing), thing]);
    keyed.sort(([one, first], [other, second]) => {
      if (one === "" || other === "") return (one === "") - (other === "") || first.number - second.number;
      return way * compare(one, other) || first.number - second.number;
    });
    return keyed.map(([, thing]) => thing);
  };

  const order = { parties: ["Rank", 1], links: [isMoney ? "Amount" : "Size", -1] };
  const draw = () => {
    if (!state.isTable) return;
    const things = view.kind === "parties" ? parties.filter(isShown) : links.filter(isLinkShown);
    const [sortedBy, way] = order[view.kind];
    const head = used[view.kind].map(([title, , , isNumber]) => {
      const isSorted = title === sortedBy;
      const sort = element("button", {
        text: `${title}${isSorted ? (way > 0 ? " ▲" : " ▼") : ""}`,
        onclick: () => {
          order[view.kind] = [title, isSorted ? -way : 1];
          draw();
          const again = [...panel.querySelectorAll("th button")].find((one) => one.textContent.startsWith(title));
          if (again) again.focus();
        },
      });
      return element("th", { scope: "col", class: isNumber ? "number" : "", "aria-sort": isSorted ? (way > 0 ? "ascending" : "descending") : "none" }, sort);
    });
    const rows = sorted(things, order[view.kind]).slice(0, view.most).map((thing) =>
      element(
        "tr",
        { class: view.kind === "parties" && thing.rank ? "rank" : "" },
        ...used[view.kind].map(([, value, show, isNumber]) => {
          const shown = show ? show(thing) : value(thing);
          return element("td", { class: isNumber ? "number" : show ? "wide" : "" }, typeof shown === "number" ? plain(shown) : shown);
        })
      )
    );
    const tab = (kind, text) =>
      element("button", { text, role: "tab", "aria-selected": String(view.kind === kind), onclick: () => { view.kind = kind; view.most = STEP; draw(); } });
    panel.replaceChildren(
      element("div", { class: "tabs", role: "tablist" }, tab("parties", `Parties (${parties.filter(isShown).length.toLocaleString("en")})`), tab("links", `Links (${links.filter(isLinkShown).length.toLocaleString("en")})`)),
      element("div", { class: "scroll", tabindex: "0" }, element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows))),
      things.length > view.most
        ? element("button", { class: "more", text: `Show more: ${view.most} of ${things.length.toLocaleString("en")}`, onclick: () => { view.most += STEP; draw(); } })
        : ""
    );
  };
  finnet.whenChanged(draw);

  const showTable = (isOn) => {
    state.isTable = isOn;
    panel.hidden = !isOn;
    document.body.classList.toggle("is-table", isOn);
    button.setAttribute("aria-pressed", String(isOn));
    view.most = STEP;
    draw();
  };
  button.addEventListener("click", () => showTable(!state.isTable));
  Object.assign(finnet, { showTable });
}

"use strict";
// What if: the chosen set, the naive lists and a set of the reader's own, taken out and compared.
{
  const { data, state, parties, element, assess, said, counted, pointer, hint, seeds, exits } = finnet;
  const section = document.getElementById("compare");
  let before = null;
  finnet.whenScene(() => (before = data.exact ? assess(new Set()).value : null));

  const line = (by, name, members) => {
    const found = data.folded ? null : assess(members);
    const input = element("input", { type: "radio", name: "removed", value: by, onchange: () => finnet.remove(by) });
    input.checked = state.removedBy === by;
    const share = before ? found.value / before : 0;
    const children = [element("span", { class: "label" }, input, element("span", { text: name }))];
    if (found && found.value !== null) {
      const bar = element("span", { class: "bar" });
      bar.style.setProperty("--share", `${Math.max(0, Math.min(1, share)) * 100}%`);
      children.push(element("span", { class: "value", text: said(found.value) }), bar);
    } else if (by !== "none" && by !== "own" && data.sets[by].left) {
      children.push(element("span", { class: "value", text: `leaves ${data.sets[by].left}` }));
    } else if (found && by !== "none") {
      children.push(element("span", { class: "value", text: `${found.cut.size.toLocaleString("en")} more cut off` }));
    }
    return element("label", { class: `removal${by === state.removedBy ? " on" : ""}` }, ...children);
  };

  const effect = () => {
    if (!state.removed.size || data.folded) return [];
    const { cut, exitsLeft, value } = assess(state.removed);
    const lines = [];
    if (value !== null && before) lines.push(`Leaves ${((100 * value) / before).toLocaleString("en", { maximumFractionDigits: 1 })} % of what was.`);
    if (exits.length && seeds.length) lines.push(`${exitsLeft} of ${exits.length} exits still reached from a seed.`);
    const role = { flow: "on the ways from seeds to exits", reach: "within reach of the seeds" }[data.objective] || "in the largest group";
    lines.push(`${cut.size.toLocaleString("en")} other parties, of ${finnet.untouched().size.toLocaleString("en")} ${role}, are cut off (grey).`);
    const own = state.removedBy === "own" ? [...state.own].slice(0, 12).map((number) => element("li", {}, pointer(parties[number]))) : [];
    return [...lines.map((text) => element("p", { class: "effect", text })), own.length ? element("ul", { class: "own" }, ...own) : null];
  };

  const draw = () => {
    const focused = section.contains(document.activeElement) ? document.activeElement.value : null;
    const choices = [line("none", "Nobody taken out", new Set())];
    data.sets.forEach((set, i) => {
      const name = set.missing ? `${set.name} (${set.missing} not drawn)` : set.name;
      choices.push(line(i, name, new Set(set.members)));
    });
    if (state.own.size) choices.push(line("own", `Your choice (${state.own.size})`, state.own));
    const content = [
      element("h2", { id: "compare-title" }, element("span", { text: "What if these are taken out" })),
      data.exact ? hint(counted[0].toUpperCase() + counted.slice(1) + ":") : null,
      ...choices,
      ...effect().filter(Boolean),
      data.sets.length || state.own.size || data.folded || !parties.length ? "" : hint("Choose a party and press x: what would its removal cut off?"),
      data.folded ? hint("Not everything is drawn here: what a removal cuts off cannot be counted.") : null,
    ];
    section.replaceChildren(...content.filter(Boolean));
    if (focused !== null) {
      const input = [...section.querySelectorAll("input")].find((one) => one.value === focused);
      if (input) input.focus();
    }
  };
  finnet.whenChanged(draw);

  const flip = () => {
    if (state.removedBy !== "none") finnet.remove("none");
    else if (data.sets.length) finnet.remove(0);
    else if (state.own.size) finnet.remove("own");
    else finnet.tell("Nobody is chosen: show a party and press x.");
  };
  finnet.flip = flip;
}

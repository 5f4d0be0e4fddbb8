"use strict";
// What is drawn now: the first drawing, a group that was opened, or the surroundings of one party. Whoever keeps
// anything about parties by their number sets it up again in whenScene.
{
  const { data, parties } = finnet;
  const builders = [];
  const whenScene = (builder) => builders.push(builder);
  const first = { sets: data.sets, exact: data.exact, folded: data.folded };
  const trail = []; // the scenes on the way here

  const startScene = () => {
    const word = finnet.reader(data.words);
    const some = data.nodes.id.map((_, i) => finnet.partyAt(data.nodes, word, i));
    if (finnet.groupOf) for (const party of some) party.opens = finnet.groupOf(party.origin);
    return {
      title: "Everything",
      parties: some,
      ties: data.ties.s.map((s, k) => finnet.tieAt(data.ties, word, k, s, data.ties.t[k])),
    };
  };
  const load = (scene, isFirst) => {
    finnet.isInPlace = false; // until the drawing has them too
    finnet.arrange(scene.parties, scene.ties);
    const here = new Map(parties.filter((party) => party.origin >= 0).map((party) => [party.origin, party.number]));
    data.folded = isFirst ? first.folded : true;
    data.exact = isFirst && first.exact;
    data.sets = first.sets.map((set) => {
      const members = set.members.filter((origin) => here.has(origin)).map((origin) => here.get(origin));
      return { ...set, members, missing: set.missing + set.members.length - members.length };
    });
    finnet.forget();
    for (const builder of builders) builder();
    finnet.changed();
    finnet.fit();
  };
  // A scene is kept by what makes it again, so that going back builds it anew.
  const enter = (title, make) => {
    const scene = make();
    if (!scene) return;
    trail.push({ title, make });
    load(scene, false);
    crumbs();
  };
  const leave = (to = trail.length - 1) => {
    trail.length = Math.max(0, to);
    const last = trail[trail.length - 1];
    load(last ? last.make() : startScene(), !last);
    crumbs();
  };
  const crumbs = () => {
    const bar = document.getElementById("crumbs");
    bar.hidden = trail.length === 0;
    const { element } = finnet;
    const steps = ["Everything", ...trail.map(({ title }) => title)].map((title, i) =>
      i === trail.length
        ? element("span", { class: "crumb", "aria-current": "page", text: title })
        : element("button", { class: "crumb name", text: title, onclick: () => leave(i) })
    );
    bar.replaceChildren(...steps.flatMap((step, i) => (i ? [element("span", { class: "crumb-gap", text: "›" }), step] : [step])));
  };
  const begin = () => load(startScene(), true);

  Object.assign(finnet, { whenScene, enter, leave, begin, trail });
}

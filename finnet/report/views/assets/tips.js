"use strict";
// What the pointer rests on, in a few lines of plain text beside it.
{
  const { data, parties, links, network, element, total, place } = finnet;
  const graph = document.getElementById("graph");
  const tip = element("div", { id: "tip", hidden: true });
  graph.after(tip);

  const partyTip = (party) => {
    const lines = [party.name.length > 160 ? `${party.name.slice(0, 160)}…` : party.name];
    lines.push([party.schema, party.country && place(party.country), `${party.links.length} links`].filter(Boolean).join(" · "));
    if (party.rank) lines.push(`Choke point ${party.rank}`);
    if (party.isListed) lines.push(`Listed by ${party.lists.authorities.join(", ")}`);
    if (party.isSeed) lines.push("Seed");
    if (party.isExit) lines.push("Exit");
    if (party.isStub) lines.push("Stub: no record describes it");
    return lines.join("\n");
  };
  const linkTip = (link) => {
    const arrow = data.directed ? " → " : " – ";
    const names = [parties[link.source].name, parties[link.target].name].map((name) => name.slice(0, 60)).join(arrow);
    const classes = [...new Set(link.ties.map((tie) => tie.class).filter(Boolean))].join(", ");
    return [names, [classes, total(link.ties)].filter(Boolean).join(" · ")].join("\n");
  };

  const hide = () => (tip.hidden = true);
  const show = (event) => {
    const box = graph.getBoundingClientRect();
    const at = { x: event.clientX - box.left, y: event.clientY - box.top };
    const party = network.getNodeAt(at);
    const link = party === undefined ? network.getEdgeAt(at) : undefined;
    if (party === undefined && link === undefined) return hide();
    tip.textContent = party === undefined ? linkTip(links[link]) : partyTip(parties[party]);
    tip.hidden = false;
    const isRight = at.x + tip.offsetWidth + 24 > box.width;
    const isLow = at.y + tip.offsetHeight + 24 > box.height;
    tip.style.left = `${Math.max(4, isRight ? at.x - tip.offsetWidth - 12 : at.x + 14)}px`;
    tip.style.top = `${Math.max(4, isLow ? at.y - tip.offsetHeight - 12 : at.y + 14)}px`;
  };
  let waiting = null;
  graph.addEventListener("mousemove", (event) => {
    clearTimeout(waiting);
    if (event.buttons) return hide();
    waiting = setTimeout(() => show(event), tip.hidden ? 120 : 20);
  });
  for (const leaving of ["mouseleave", "mousedown", "wheel"])
    graph.addEventListener(leaving, () => {
      clearTimeout(waiting);
      hide();
    });
}

"use strict";
// The drawing: vis-network with fixed places and no physics. Names never reach it but as plain text.
{
  const { data, parties, links, state, isShown, isLinkShown, isSevered, assess } = finnet;
  let isLarge, hasClasses, largest, crowd, before, mostCarried;
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;

  const palette = () =>
    state.isDark
      ? { paper: "#14181d", ink: "#e8ecf0", faint: "#2b333c", faintLink: "#222931", gone: "#55606c", link: "#66727f", flow: "#9fd0f2" }
      : { paper: "#ffffff", ink: "#1b1f24", faint: "#e3e7eb", faintLink: "#eef0f2", gone: "#b9c0c8", link: "#98a3ae", flow: "#2b3f52" };

  function sizeOf(link) {
    return link.ties.reduce((sum, tie) => sum + tie.size, 0);
  }
  const width = (link) => (0.8 + 4 * Math.pow(sizeOf(link) / largest, 0.4)) * Math.max(0.45, crowd);

  const partyStyle = (party) => {
    const colours = palette();
    const [, shape] = data.families[party.family];
    const colour = finnet.colourOf(party);
    const isLit = !state.lit || state.lit.has(party.number);
    const isGone = state.removed.has(party.number);
    const isCut = state.removed.size > 0 && assess(state.removed).cut.has(party.number);
    const fill = isGone ? colours.paper : !isLit ? colours.faint : isCut ? colours.gone : colour;
    const border = isGone ? colours.ink : !isLit ? colours.faint : isCut ? colours.gone : state.isDark ? "#0c0f12" : "#ffffff";
    return {
      hidden: !isShown(party),
      shape,
      size: shape === "dot" || shape === "hexagon" ? party.radius : party.radius * 0.95,
      borderWidth: isGone ? 2 : 1,
      color: { background: fill, border, highlight: { background: fill, border: colours.ink } },
      shapeProperties: { borderDashes: isGone ? [5, 4] : party.isStub ? [2, 2] : false },
    };
  };
  const linkStyle = (link) => {
    const colours = palette();
    const isOnPath = Boolean(state.litLinks && state.litLinks.has(link.number));
    const isLit = !state.lit || (state.litLinks ? isOnPath : state.lit.has(link.source) && state.lit.has(link.target));
    const cut = state.removed.size > 0 ? assess(state.removed).cut : null;
    const isSeparated = isSevered(link) || (cut && (cut.has(link.source) || cut.has(link.target)));
    const classes = new Set(link.ties.map((tie) => tie.class));
    const carried = state.lit ? null : finnet.carriedWithout(state.removed);
    const carries = carried ? carried.get(link.number) : undefined;
    const isCut = !state.lit && link.ties.some((tie) => tie.isCut);
    const own = isCut ? "#d55e00" : carries ? colours.flow : hasClasses && classes.size === 1 ? data.linkColours[link.ties[0].class] || colours.link : colours.link;
    return {
      hidden: !isLinkShown(link),
      width: isOnPath ? Math.max(4, width(link)) : carries ? 1.5 + 4 * Math.pow(carries / mostCarried, 0.5) : width(link),
      dashes: isSevered(link) ? [4, 6] : link.ties.every((tie) => tie.isInferred) ? [8, 5] : false,
      color: {
        color: isOnPath ? "#d55e00" : !isLit ? colours.faintLink : isSeparated ? colours.faint : own,
        highlight: isOnPath ? "#d55e00" : own,
        opacity: isOnPath || carries || (isLit && state.lit) ? 1 : (carried ? 0.45 : 0.75) * Math.max(0.35, crowd),
      },
      arrows: { to: { enabled: data.directed && (!isLarge || Boolean(carries) || Boolean(isLit && state.lit)), scaleFactor: 0.5 } },
    };
  };

  const network = new vis.Network(
    document.getElementById("graph"),
    { nodes: [], edges: [] },
    {
      physics: false,
      layout: { improvedLayout: false },
      nodes: { scaling: { label: { enabled: false } }, chosen: false },
      edges: { smooth: false, selectionWidth: 1.5, hoverWidth: 0, arrowStrikethrough: false, chosen: false },
      interaction: {
        hover: false,
        keyboard: { enabled: false },
        multiselect: false,
        selectConnectedEdges: false,
      },
    }
  );

  // Only what looks different is handed over: two thousand updates take a tenth of a second.
  let drawn, nodes, edges;
  finnet.whenScene(() => {
    isLarge = parties.length > 1200 || links.length > 3000;
    hasClasses = new Set(finnet.ties.map((tie) => tie.class)).size > 1;
    largest = links.reduce((most, link) => Math.max(most, sizeOf(link)), 0) || 1;
    // The more links, the fainter and thinner each: what carries the flow, or is asked about, has to stand out.
    crowd = Math.min(1, Math.sqrt(900 / Math.max(1, links.length)));
    before = finnet.carriedWithout(new Set());
    mostCarried = Math.max(1, ...(before ? before.values() : []));
    const [ofParties, ofLinks] = [parties.map(partyStyle), links.map(linkStyle)];
    drawn = { parties: ofParties.map((style) => JSON.stringify(style)), links: ofLinks.map((style) => JSON.stringify(style)) };
    nodes = new vis.DataSet(parties.map((party, i) => ({ id: i, x: party.x, y: party.y, ...ofParties[i] })));
    edges = new vis.DataSet(
      links.map((link, i) => ({
        id: i,
        from: link.source,
        to: link.target,
        smooth: link.isTwoWay ? { enabled: true, type: "curvedCW", roundness: 0.14 } : false,
        ...ofLinks[i],
      }))
    );
    network.setOptions({ interaction: { hideEdgesOnDrag: isLarge, hideEdgesOnZoom: isLarge } });
    network.setData({ nodes, edges });
    finnet.isInPlace = true;
  });
  const differing = (things, style, before) =>
    things.flatMap((thing, i) => {
      const now = style(thing);
      const key = JSON.stringify(now);
      if (before[i] === key) return [];
      before[i] = key;
      return [{ id: i, ...now }];
    });
  const redraw = () => {
    const changedParties = differing(parties, partyStyle, drawn.parties);
    const changedLinks = differing(links, linkStyle, drawn.links);
    if (changedParties.length) nodes.update(changedParties);
    if (changedLinks.length) edges.update(changedLinks);
    network.redraw();
  };
  finnet.whenChanged(redraw);

  const animation = () => (isCalm || isLarge ? false : { duration: 250, easingFunction: "easeInOutQuad" });
  // These parties in the middle of what is free of the canvas, with room at the rim for their names.
  const RIM = { x: 56, y: 34 };
  const fit = (some, { closest = 1.4, isMoving = false } = {}) => {
    const wanted = some || parties.filter(isShown).map((party) => party.number);
    if (!wanted.length) return;
    const canvas = document.getElementById("graph");
    const panel = document.getElementById("details");
    const isCovered = getComputedStyle(panel).position === "absolute" && panel.offsetHeight > 0;
    const covered = isCovered ? panel.offsetHeight : 0;
    const at = network.getPositions(wanted);
    const edge = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
    for (const number of wanted) {
      const { x, y } = at[number];
      const { radius } = parties[number];
      edge.left = Math.min(edge.left, x - radius);
      edge.right = Math.max(edge.right, x + radius);
      edge.top = Math.min(edge.top, y - radius);
      edge.bottom = Math.max(edge.bottom, y + radius);
    }
    const wide = Math.max(80, canvas.clientWidth - 2 * RIM.x) / Math.max(1, edge.right - edge.left);
    const high = Math.max(80, canvas.clientHeight - covered - 2 * RIM.y) / Math.max(1, edge.bottom - edge.top);
    network.moveTo({
      position: { x: (edge.left + edge.right) / 2, y: (edge.top + edge.bottom) / 2 },
      scale: Math.min(closest, wide, high),
      offset: { x: 0, y: -covered / 2 },
      animation: isMoving ? animation() : false,
    });
  };
  const move = (right, down) => {
    const at = network.getViewPosition();
    const step = 80 / network.getScale();
    network.moveTo({ position: { x: at.x + right * step, y: at.y + down * step }, animation: false });
  };
  const zoom = (factor) => network.moveTo({ scale: network.getScale() * factor, animation: false });

  Object.assign(finnet, { network, palette, fit, move, zoom, sizeOf });
}

"use strict";
// Names, rings and badges over the drawing, in screen pixels: as legible when everything is shown as when zoomed in.
{
  const { parties, state, network, isShown, palette } = finnet;
  const FONT = '"Segoe UI", system-ui, -apple-system, Roboto, "Noto Sans", sans-serif';
  const ORANGE = "#e69f00";
  const VERMILION = "#d55e00";
  const PURPLE = "#9b4f96";

  // A few seeds and exits are all named; hundreds of them are a crowd like any other.
  let areFew = true;
  let areManyListed = false;
  const isMarked = (party) => party.rank > 0 || (areFew && (party.isSeed || party.isExit));
  const importance = (party) => (party.rank ? 4e9 - party.rank : isMarked(party) ? 3e9 : 0) + party.radius * 1e3 + party.links.length;
  const order = [];
  finnet.whenScene(() => {
    areFew = parties.filter((party) => party.isSeed || party.isExit).length <= 24;
    areManyListed = parties.filter((party) => party.isListed).length > 400;
    order.splice(0, Infinity, ...[...parties].sort((one, other) => importance(other) - importance(one) || one.number - other.number));
  });

  const cut = (name) => {
    const letters = [...name.slice(0, 80)];
    return letters.length > 32 ? `${letters.slice(0, 31).join("")}…` : name;
  };
  const widths = new Map();
  const measured = (context, text, bold) => {
    const key = (bold ? "b" : "r") + text;
    if (!widths.has(key)) widths.set(key, context.measureText(text).width);
    return widths.get(key);
  };
  const meets = (one, other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];

  // Where a party stands on the screen and how large it is there.
  const onScreen = (party, scale) => {
    const node = network.body.nodes[party.number];
    const at = network.canvasToDOM({ x: node.x, y: node.y });
    return { party, x: at.x, y: at.y, radius: Math.max(2, party.radius * scale) };
  };

  const ring = (context, spot, colours) => {
    const { party, x, y, radius } = spot;
    const isQuiet = state.lit && !state.lit.has(party.number);
    context.globalAlpha = isQuiet ? 0.25 : 1;
    if (party.rank > 0) {
      circle(context, x, y, radius + 5, colours.paper, 5);
      circle(context, x, y, radius + 5, ORANGE, 3.5);
    }
    if (party.isListed) {
      const isSmall = radius < 5 && !party.rank;
      const isCrowd = isSmall && areManyListed; // a rim, so that rings do not hide everything else
      context.setLineDash(isCrowd ? [] : isSmall ? [2, 1.5] : [4, 3]);
      circle(context, x, y, radius + (party.rank > 0 ? 10 : isCrowd ? 0.6 : isSmall ? 2 : 4), VERMILION, isCrowd ? 0.8 : isSmall ? 1.2 : 2);
      context.setLineDash([]);
    }
    if (party.isCaptured) {
      context.setLineDash([1.5, 3]);
      circle(context, x, y, radius + (party.rank > 0 ? 10 : 4), PURPLE, 2.5);
      context.setLineDash([]);
    }
    if (party.number === state.party) circle(context, x, y, radius + (party.rank > 0 || party.isListed ? 14 : 4), colours.ink, 1.5);
    if (party.number === state.pathFrom) circle(context, x, y, radius + 8, colours.ink, 3);
    context.globalAlpha = 1;
  };
  const circle = (context, x, y, radius, colour, line) => {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.strokeStyle = colour;
    context.lineWidth = line;
    context.stroke();
  };

  // A small plate at the party's upper left: its rank, or what part it plays in the question.
  const badge = (context, spot) => {
    const { party, x, y, radius } = spot;
    const text = party.rank > 0 ? String(party.rank) : party.isSeed ? "▶" : party.isExit ? "■" : "";
    if (!text) return null;
    if (!isMarked(party) && radius < 8) {
      context.globalAlpha = state.lit && !state.lit.has(party.number) ? 0.25 : 1;
      context.font = `8px ${FONT}`;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.lineWidth = 2;
      context.strokeStyle = palette().paper;
      context.strokeText(text, x, y);
      context.fillStyle = palette().ink;
      context.fillText(text, x, y);
      context.globalAlpha = 1;
      return null;
    }
    const away = (radius + (party.rank ? 6 : 2)) * 0.72;
    const [cx, cy] = [x - away, y - away];
    context.globalAlpha = state.lit && !state.lit.has(party.number) ? 0.3 : 1;
    context.beginPath();
    context.arc(cx, cy, 8, 0, 2 * Math.PI);
    context.fillStyle = party.rank > 0 ? ORANGE : palette().ink;
    context.fill();
    context.strokeStyle = palette().paper;
    context.lineWidth = 1.5;
    context.stroke();
    context.fillStyle = party.rank > 0 ? "#1b1f24" : palette().paper;
    context.font = `700 ${party.rank > 0 ? (text.length > 2 ? 8 : 11) : 8}px ${FONT}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(text, cx, cy + 0.5);
    context.globalAlpha = 1;
    return [cx - 9, cy - 9, cx + 9, cy + 9];
  };

  // Below, above, right or left of the party: where it covers neither a name nor a marked party, and least of the rest.
  const labelBox = (spot, width, height, taken, spots, edge, isNeeded) => {
    const { party, x, y } = spot;
    const away = spot.radius + (party.rank ? 9 : party.isListed ? 7 : 3);
    const places = [
      [x - width / 2, y + away],
      [x - width / 2, y - away - height],
      [x + away + 2, y - height / 2],
      [x - away - 2 - width, y - height / 2],
    ];
    let best = null;
    let least = Infinity;
    for (const [left, top] of places) {
      const box = [left - 2, top, left + width + 2, top + height];
      if (box[0] < 2 || box[1] < 2 || box[2] > edge.width - 2 || box[3] > edge.height - 26) continue;
      if (taken.some((other) => other.party !== party && meets(box, other.box))) continue;
      let covered = 0;
      for (const other of spots)
        if (other !== spot && other.x > box[0] - 4 && other.x < box[2] + 4 && other.y > box[1] - 4 && other.y < box[3] + 4) covered++;
      if (covered === 0) return box;
      if (covered < least) [best, least] = [box, covered];
    }
    if (best || !isNeeded) return best;
    // No free place, yet it has to be named: below, over whatever is there, inside the canvas.
    const left = Math.max(2, Math.min(edge.width - width - 4, x - width / 2));
    return [left - 2, y + away, left + width + 2, y + away + height];
  };

  const wanted = (scale) => (scale < 0.45 ? 28 : scale < 0.8 ? 36 : scale < 1.2 ? 60 : 300);
  const draw = (context) => {
    if (!finnet.isInPlace) return;
    const canvas = context.canvas;
    const edge = { width: canvas.clientWidth, height: canvas.clientHeight };
    const ratio = canvas.width / Math.max(1, edge.width);
    const scale = network.getScale();
    const colours = palette();
    context.save();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const shown = [];
    for (const party of order) {
      if (!isShown(party)) continue;
      const spot = onScreen(party, scale);
      if (spot.x > -60 && spot.y > -60 && spot.x < edge.width + 60 && spot.y < edge.height + 60) shown.push(spot);
    }
    const taken = [];
    for (const spot of shown) {
      ring(context, spot, colours);
      const isQuiet = state.lit && !state.lit.has(spot.party.number);
      if (!isQuiet && (isMarked(spot.party) || spot.party.number === state.party || spot.radius > 9)) {
        const half = spot.radius + (spot.party.rank ? 7 : 0);
        taken.push({ party: spot.party, box: [spot.x - half, spot.y - half, spot.x + half, spot.y + half] });
      }
    }
    for (const spot of [...shown].reverse()) {
      const plate = badge(context, spot);
      if (plate) taken.push({ party: null, box: plate });
    }
    context.textAlign = "left";
    context.textBaseline = "top";
    context.lineJoin = "round";
    let count = 0;
    const boxes = [];
    const labels = [];
    const spots = state.lit ? shown.filter((spot) => state.lit.has(spot.party.number)) : shown;
    const first = shown.filter((spot) => spot.party.number === state.party || (state.lit && state.lit.has(spot.party.number)));
    const rest = shown.filter((spot) => !first.includes(spot));
    for (const spot of [...first, ...(state.lit ? [] : rest)]) {
      const { party } = spot;
      if (count >= wanted(scale) && !isMarked(party) && !(state.lit && count < 80)) continue;
      const bold = isMarked(party) || party.number === state.party;
      const text = cut(party.name);
      context.font = `${bold ? 600 : 400} 12px ${FONT}`;
      const size = measured(context, text, bold);
      const isNeeded = party.rank > 0 || party.number === state.party || Boolean(state.litLinks && state.lit.has(party.number));
      const box = labelBox(spot, size, 15, taken, spots, edge, isNeeded);
      if (!box) continue;
      taken.push({ party, box });
      boxes.push(box);
      labels.push({ text, bold, x: box[0] + 2, y: box[1] + 1 });
      count++;
      context.strokeStyle = colours.paper;
      context.lineWidth = 4;
      context.globalAlpha = 0.92;
      context.strokeText(text, box[0] + 2, box[1] + 1);
      context.globalAlpha = 1;
      context.fillStyle = colours.ink;
      context.fillText(text, box[0] + 2, box[1] + 1);
    }
    if (finnet.data.kind === "ownership") shares(context, scale, edge, colours, taken, labels);
    stamp(context, edge, colours);
    context.restore();
    Object.assign(finnet, { labelCount: count, labelBoxes: boxes, labels });
  };
  // The share of each holding in the middle of its link, where there is room.
  const shares = (context, scale, edge, colours, taken, labels) => {
    context.font = `11px ${FONT}`;
    context.textAlign = "left";
    context.textBaseline = "top";
    for (const link of finnet.links) {
      if (!finnet.isLinkShown(link) || (state.lit && !(state.lit.has(link.source) && state.lit.has(link.target)))) continue;
      const text = link.ties.map(finnet.share).filter(Boolean).join(", ");
      if (!text) continue;
      const [from, to] = [onScreen(parties[link.source], scale), onScreen(parties[link.target], scale)];
      const width = measured(context, text, false);
      const [x, y] = [from.x + (to.x - from.x) * 0.55 - width / 2, from.y + (to.y - from.y) * 0.55 - 6];
      const box = [x - 1, y, x + width + 1, y + 12];
      if (box[0] < 0 || box[1] < 0 || box[2] > edge.width || box[3] > edge.height) continue;
      if (taken.some((other) => meets(box, other.box))) continue;
      taken.push({ party: null, box });
      labels.push({ text, bold: false, x, y });
      context.strokeStyle = colours.paper;
      context.lineWidth = 4;
      context.strokeText(text, x, y);
      context.fillStyle = colours.ink;
      context.fillText(text, x, y);
    }
  };
  const stamp = (context, edge, colours) => {
    const text = finnet.data.stamp;
    if (!text) return;
    context.font = `700 64px ${FONT}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.globalAlpha = 0.05;
    context.fillStyle = colours.ink;
    context.translate(edge.width / 2, edge.height / 2);
    context.rotate(-Math.PI / 9);
    context.fillText(text, 0, 0);
    context.globalAlpha = 1;
  };
  network.on("afterDrawing", draw);

  Object.assign(finnet, { order, isMarked, onScreen, FONT, ORANGE, VERMILION, PURPLE });
}

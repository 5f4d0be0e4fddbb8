"use strict";
// The picture as SVG: the same shapes, rings and names, as lines that any drawing program can edit.
{
  const { data, parties, links, network, palette, icons, isShown, isLinkShown, onScreen, FONT } = finnet;
  const SPACE = "http://www.w3.org/2000/svg";
  const make = (tag, properties, text) => {
    const made = document.createElementNS(SPACE, tag);
    for (const [name, value] of Object.entries(properties))
      if (value != null && value !== "") made.setAttribute(name, typeof value === "number" ? String(Math.round(value * 100) / 100) : value);
    if (text) made.textContent = text;
    return made;
  };

  const lineOf = (link, scale) => {
    const style = network.body.edges[link.number].options;
    const [from, to] = [onScreen(parties[link.source], scale), onScreen(parties[link.target], scale)];
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const length = Math.hypot(dx, dy);
    if (length < 1) return null;
    const bend = link.isTwoWay ? 0.14 : 0;
    const control = { x: (from.x + to.x) / 2 + dy * bend, y: (from.y + to.y) / 2 - dx * bend };
    const [ax, ay] = [to.x - control.x, to.y - control.y];
    const ahead = Math.hypot(ax, ay) || 1;
    const end = { x: to.x - (ax / ahead) * (to.radius + 2), y: to.y - (ay / ahead) * (to.radius + 2) };
    const width = Math.max(0.4, style.width * scale);
    const group = make("g", { stroke: style.color.color, fill: "none", "stroke-width": width, opacity: style.color.opacity });
    const dashes = Array.isArray(style.dashes) ? style.dashes.map((dash) => dash * Math.max(0.5, scale)).join(" ") : null;
    group.append(make("path", { d: `M${round(from)}Q${round(control)} ${round(end)}`, "stroke-dasharray": dashes }));
    if (style.arrows.to.enabled) {
      const head = 3 + width * 1.6;
      const back = { x: end.x - (ax / ahead) * head, y: end.y - (ay / ahead) * head };
      const side = { x: (-ay / ahead) * head * 0.45, y: (ax / ahead) * head * 0.45 };
      const corners = [end, { x: back.x + side.x, y: back.y + side.y }, { x: back.x - side.x, y: back.y - side.y }];
      group.append(make("path", { d: `M${corners.map(round).join("L")}Z`, fill: style.color.color, stroke: "none" }));
    }
    return group;
  };
  const round = ({ x, y }) => `${Math.round(x * 100) / 100} ${Math.round(y * 100) / 100}`;

  const markOf = (party, scale, colours) => {
    const style = network.body.nodes[party.number].options;
    const spot = onScreen(party, scale);
    const group = make("g", { transform: `translate(${round(spot)})` });
    const shape = make("path", { d: icons.PATHS[style.shape], transform: `scale(${Math.round((spot.radius / 6) * 1000) / 1000})`, fill: style.color.background, stroke: style.color.border, "stroke-width": 0.8 });
    group.append(shape);
    const ring = (radius, colour, width, dashes) => group.append(make("circle", { r: radius, fill: "none", stroke: colour, "stroke-width": width, "stroke-dasharray": dashes }));
    if (party.rank > 0) ring(spot.radius + 5, finnet.ORANGE, 3.5);
    if (party.isListed) ring(spot.radius + (party.rank > 0 ? 10 : 4), finnet.VERMILION, 2, "4 3");
    if (party.isCaptured) ring(spot.radius + (party.rank > 0 ? 10 : 4), finnet.PURPLE, 2.5, "1.5 3");
    const text = party.rank > 0 ? String(party.rank) : party.isSeed ? "▶" : party.isExit ? "■" : "";
    if (text && finnet.isMarked(party)) {
      const away = -(spot.radius + (party.rank ? 6 : 2)) * 0.72;
      group.append(make("circle", { cx: away, cy: away, r: 8, fill: party.rank > 0 ? finnet.ORANGE : colours.ink }));
      group.append(make("text", { x: away, y: away + 4, "text-anchor": "middle", "font-size": party.rank ? 11 : 8, "font-weight": 700, fill: party.rank > 0 ? "#1b1f24" : colours.paper }, text));
    }
    return group;
  };

  const drawing = () => {
    const canvas = document.querySelector("#graph canvas");
    const [width, top] = [Math.max(360, canvas.clientWidth), 40];
    const [title, ...below] = finnet.captions();
    const context = document.createElement("canvas").getContext("2d");
    context.font = `12px ${FONT}`;
    const lines = below.flatMap((line) => finnet.wrapped(context, line, width - 32));
    const height = top + canvas.clientHeight + lines.length * 17 + 24;
    const colours = palette();
    const scale = network.getScale();
    const root = make("svg", { xmlns: SPACE, width, height, viewBox: `0 0 ${width} ${height}`, "font-family": "Segoe UI, Noto Sans, DejaVu Sans, sans-serif" });
    root.append(make("title", {}, title), make("rect", { width, height, fill: colours.paper }));
    const clip = make("clipPath", { id: "frame" });
    clip.append(make("rect", { width, height: canvas.clientHeight }));
    root.append(clip, make("text", { x: 16, y: 26, "font-size": 16, "font-weight": 600, fill: colours.ink }, title));
    const inner = make("g", { transform: `translate(0 ${top})`, "clip-path": "url(#frame)" });
    for (const link of links) if (isLinkShown(link)) inner.append(...[lineOf(link, scale)].filter(Boolean));
    for (const party of [...finnet.order].reverse()) if (isShown(party)) inner.append(markOf(party, scale, colours));
    for (const { text, bold, x, y } of finnet.labels)
      inner.append(make("text", { x, y: y + 11, "font-size": 12, "font-weight": bold ? 600 : null, fill: colours.ink, stroke: colours.paper, "stroke-width": 3, "paint-order": "stroke" }, text));
    root.append(inner);
    if (data.stamp)
      root.append(make("text", { x: width / 2, y: height / 2, "font-size": 64, "font-weight": 700, "text-anchor": "middle", fill: colours.ink, opacity: 0.06, transform: `rotate(-20 ${width / 2} ${height / 2})` }, data.stamp));
    lines.forEach((line, i) => root.append(make("text", { x: 16, y: top + canvas.clientHeight + 22 + i * 17, "font-size": 12, fill: colours.ink }, line)));
    return `${new XMLSerializer().serializeToString(root)}\n`;
  };
  const saveDrawing = () => finnet.offer(new Blob([drawing()], { type: "image/svg+xml" }), "network.svg");
  document.getElementById("save-svg").addEventListener("click", saveDrawing);
  Object.assign(finnet, { drawing, saveDrawing });
}

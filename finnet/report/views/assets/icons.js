"use strict";
// The shapes of the legend, as small drawings that need no file.
{
  const SPACE = "http://www.w3.org/2000/svg";
  const PATHS = {
    dot: "M-6,0a6,6 0 1,0 12,0a6,6 0 1,0 -12,0",
    square: "M-5-5h10v10h-10z",
    triangle: "M0-6L6 5H-6z",
    triangleDown: "M0 6L6-5H-6z",
    diamond: "M0-7L6 0 0 7-6 0z",
    hexagon: "M6 0L3 5.2H-3L-6 0-3-5.2H3z",
    star: "M0-7L2-2 7-2 3 1.5 4.5 7 0 4-4.5 7-3 1.5-7-2-2-2z",
  };
  const drawing = (...parts) => {
    const made = document.createElementNS(SPACE, "svg");
    for (const [name, value] of [["width", 20], ["height", 18], ["viewBox", "-10 -9 20 18"], ["aria-hidden", "true"]])
      made.setAttribute(name, value);
    for (const [tag, properties, text] of parts) {
      const part = document.createElementNS(SPACE, tag);
      for (const [name, value] of Object.entries(properties)) part.setAttribute(name, value);
      if (text) part.textContent = text;
      made.append(part);
    }
    return made;
  };
  const { ORANGE, VERMILION, PURPLE, data } = finnet;

  const family = (number, colour = data.families[number][2]) => {
    const [, shape] = data.families[number];
    return drawing(["path", { d: PATHS[shape], fill: colour, stroke: "rgba(0,0,0,.25)", "stroke-width": 0.7 }]);
  };
  const mark = {
    rank: () =>
      drawing(["circle", { r: 4, fill: "#9aa5b1" }], ["circle", { r: 7.2, fill: "none", stroke: ORANGE, "stroke-width": 2.6 }]),
    listed: () =>
      drawing(
        ["circle", { r: 4, fill: "#9aa5b1" }],
        ["circle", { r: 7, fill: "none", stroke: VERMILION, "stroke-width": 1.8, "stroke-dasharray": "3 2" }]
      ),
    captured: () =>
      drawing(
        ["circle", { r: 4, fill: "#9aa5b1" }],
        ["circle", { r: 7, fill: "none", stroke: PURPLE, "stroke-width": 2, "stroke-dasharray": "1 2.2", "stroke-linecap": "round" }]
      ),
    seed: () => plate("▶"),
    exit: () => plate("■"),
  };
  const plate = (text) =>
    drawing(
      ["circle", { r: 8, class: "plate" }],
      ["text", { y: 3, "text-anchor": "middle", "font-size": 8, class: "plate-text" }, text]
    );
  const line = (colour, dashes) =>
    drawing(["path", { d: "M-9 0H9", stroke: colour, "stroke-width": 3, "stroke-dasharray": dashes || "none", fill: "none" }]);

  const flow = () => drawing(["path", { d: "M-9 0H9", class: "flow", "stroke-width": 3.5, fill: "none" }]);

  const swatch = (colour) => drawing(["circle", { r: 6, fill: colour, stroke: "rgba(0,0,0,.25)", "stroke-width": 0.7 }]);

  finnet.icons = { family, mark, line, flow, swatch, PATHS };
}

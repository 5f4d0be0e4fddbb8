"use strict";
// What is left over the horizon while the network finds its way round, where the answer followed it: a small chart.
{
  const { data, heading, hint, short } = finnet;
  const SPACE = "http://www.w3.org/2000/svg";
  const [WIDTH, HEIGHT, LEFT, BELOW] = [280, 130, 8, 18];
  const make = (tag, properties, text) => {
    const made = document.createElementNS(SPACE, tag);
    for (const [name, value] of Object.entries(properties)) made.setAttribute(name, value);
    if (text) made.textContent = text;
    return made;
  };
  const overTime = () => {
    const points = data.overTime;
    if (!points || points.length < 2) return [];
    const last = points[points.length - 1].day;
    const most = Math.max(...points.flatMap(({ left, high, instant }) => [left, high, instant])) || 1;
    const x = (day) => LEFT + ((WIDTH - 2 * LEFT) * day) / (last || 1);
    const y = (value) => 6 + (HEIGHT - BELOW - 6) * (1 - value / most);
    // What is left stays as it is until the next change.
    const steps = (key) => points.map((point, i) => `${i ? `H${x(point.day).toFixed(1)}V` : `M${x(point.day).toFixed(1)} `}${y(point[key]).toFixed(1)}`).join("");
    const back = [...points].reverse().map(({ day, low }) => `L${x(day).toFixed(1)} ${y(low).toFixed(1)}`).join("");
    const chart = make("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "chart", role: "img", "aria-label": `What is left: ${said(points[0].left)} on day 0, ${said(points[points.length - 1].left)} on day ${last}.` });
    chart.append(
      make("path", { d: `${points.map(({ day, high }, i) => `${i ? "L" : "M"}${x(day).toFixed(1)} ${y(high).toFixed(1)}`).join("")}${back}Z`, class: "chart-band" }),
      make("path", { d: `M${LEFT} ${HEIGHT - BELOW}H${WIDTH - LEFT}`, class: "chart-axis" }),
      make("path", { d: steps("instant"), class: "chart-other" }),
      make("path", { d: steps("left"), class: "chart-line" }),
      make("text", { x: LEFT, y: HEIGHT - 4 }, "day 0"),
      make("text", { x: WIDTH - LEFT, y: HEIGHT - 4, "text-anchor": "end" }, `day ${last}`)
    );
    return [
      heading("What is left over time"),
      chart,
      hint(`From ${said(points[0].left)} on day 0 to ${said(points[points.length - 1].left)} on day ${last}: the network finds its way round, by assumption. Band: within the assumptions' range. Dashed: the set that is best at once.`),
    ];
  };
  const said = (value) => `${short(value)} ${data.unit}`;
  Object.assign(finnet, { overTime });
}

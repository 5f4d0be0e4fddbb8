"use strict";
// The picture as a PNG file with title, stamp and caution, so that it says what it is when it travels alone; and print.
{
  const { data, state, parties, element, palette, FONT, place } = finnet;
  const MARGIN = 16;

  const wrapped = (context, text, width) => {
    const lines = [""];
    for (const word of text.split(" ")) {
      const longer = lines[lines.length - 1] ? `${lines[lines.length - 1]} ${word}` : word;
      if (context.measureText(longer).width <= width || !lines[lines.length - 1]) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  };
  // Title first, then what has to be said beside any picture that travels alone.
  const captions = () => {
    const removed = state.removedBy === "none" ? "" : state.removedBy === "own" ? "With parties of the reader's choice taken out." : `With these taken out: ${data.sets[state.removedBy].name}.`;
    const time = state.since || state.until ? `Links from ${state.since} to ${state.until}.` : "";
    const caution = "Being in these data is not an accusation. A position in recorded links is a candidate for checking, not a finding.";
    return [`${data.title}${data.stamp ? ` (${data.stamp})` : ""}`, [removed, time, caution].filter(Boolean).join(" ")];
  };
  const picture = () => {
    const from = document.querySelector("#graph canvas");
    const ratio = from.width / Math.max(1, from.clientWidth);
    const width = Math.max(360, from.clientWidth);
    const to = document.createElement("canvas");
    const context = to.getContext("2d");
    const [title, below] = captions();
    context.font = `12px ${FONT}`;
    const lines = wrapped(context, below, width - 2 * MARGIN);
    const top = 40;
    const height = top + from.clientHeight + lines.length * 17 + 2 * MARGIN;
    to.width = width * ratio;
    to.height = height * ratio;
    context.scale(ratio, ratio);
    const colours = palette();
    context.fillStyle = colours.paper;
    context.fillRect(0, 0, width, height);
    context.drawImage(from, 0, top, from.clientWidth, from.clientHeight);
    context.fillStyle = colours.ink;
    context.textBaseline = "top";
    context.font = `600 16px ${FONT}`;
    context.fillText(title, MARGIN, 12, width - 2 * MARGIN);
    context.font = `12px ${FONT}`;
    lines.forEach((line, i) => context.fillText(line, MARGIN, top + from.clientHeight + MARGIN + i * 17));
    return to;
  };
  const offer = (blob, name) => {
    const address = URL.createObjectURL(blob);
    element("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  };
  const save = () => picture().toBlob((blob) => finnet.offer(blob, "network.png"), "image/png");
  document.getElementById("save").addEventListener("click", save);

  const printed = document.getElementById("printed");
  addEventListener("beforeprint", () => {
    const marked = finnet.order.filter((party) => party.rank || party.isSeed || party.isExit).slice(0, 60);
    const image = element("img", { alt: "The network as shown", src: picture().toDataURL("image/png") });
    const rows = marked.map((party) =>
      element("tr", {}, ...[party.rank || "", party.name, party.schema, party.country ? place(party.country) : "", party.isSeed ? "seed" : party.isExit ? "exit" : party.isListed ? "listed" : "", party.id].map((text) => element("td", { text })))
    );
    const head = element("tr", {}, ...["Rank", "Name", "Type", "Jurisdiction", "Part", "Id"].map((text) => element("th", { text })));
    document.querySelector("footer details").open = true;
    printed.replaceChildren(image, ...(rows.length ? [element("table", {}, head, ...rows)] : []));
  });
  addEventListener("afterprint", () => printed.replaceChildren());

  Object.assign(finnet, { picture, save, offer, captions, wrapped });
}

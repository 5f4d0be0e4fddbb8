"use strict";
// What is known about the party or link shown: attributes, listings, links, and the record that says so.
{
  const { data, parties, state, element, place, total, amount, plain, shownTies, isLinkShown } = finnet;
  finnet.records = null;
  const panel = document.getElementById("details");

  const FIRST = new Set(["objective", "unit", "says", "before", "after", "bound", "gap", "candidates", "enforcers", "regime"]);

  const pointer = (party, text) =>
    element("button", { class: "name", text: text || party.name, onclick: () => choose(party, true), "data-party": party.number });
  const row = (name, value) => element("tr", {}, element("th", { scope: "row", text: name }), element("td", {}, value));
  const heading = (text) => element("h3", { text });
  const hint = (text) => element("p", { class: "hint", text });
  const tag = (text, kind) => element("span", { class: `tag ${kind}`, text });
  const list = (values) => values.join(", ");

  const record = (entry) => {
    const at = Object.fromEntries(finnet.records.columns.map((name, i) => [name, entry.r[i] ?? null]));
    const where = [
      at.dataset,
      at.file,
      at.record && `record ${at.record}`,
      at.byte_offset && `byte ${at.byte_offset}`,
      at.reliability && `grade ${at.reliability}${at.credibility || ""}`,
      at.basis && at.basis !== "stated" && at.basis,
    ];
    const what = [
      at.authority,
      at.program,
      at.reference && `reference ${at.reference}`,
      at.listed_on && `listed ${at.listed_on}`,
      at.delisted_on && `delisted ${at.delisted_on}`,
      at.role,
      at.amount && `${at.amount} ${at.currency || ""}`,
      at.count && at.count !== "1" && `${at.count} movements`,
      at.booked_on,
      at.purpose,
      at.start_date && `from ${at.start_date}`,
      at.end_date && `to ${at.end_date}`,
    ].filter(Boolean);
    const id = at.link_id || at.payment_id;
    return element(
      "li",
      {},
      what.length ? element("div", { text: what.join(" · ") }) : null,
      element("div", { class: "where", text: where.filter(Boolean).join(" · ") }),
      id ? element("div", { class: "where" }, "id ", element("code", { text: id })) : null,
      address(entry.u)
    );
  };
  // Only an http or https address becomes a link, and it says where it leads.
  const address = (text) => {
    if (!text) return null;
    let url;
    try {
      url = new URL(text);
    } catch {
      return null;
    }
    if (url.protocol !== "https:" && url.protocol !== "http:") return null;
    return element("a", { href: url.href, rel: "noreferrer noopener", target: "_blank", text });
  };
  const records = (found, title) => {
    if (!found || !found.rows.length) return [];
    return [
      heading(`${title} (${found.rows.length + found.more})`),
      element("ul", { class: "records" }, ...found.rows.map(record)),
      found.more ? hint(`and ${found.more.toLocaleString("en")} more: finnet source`) : null,
    ];
  };

  // The records of a party, its listings, a link; "" while they are being unpacked.
  const recordsOf = (kind, party) => (finnet.records && party.vertex >= 0 ? finnet.records[kind][party.vertex] : null);
  const recordsOfLink = (link) => {
    const [source, target] = [parties[link.source].vertex, parties[link.target].vertex];
    if (!finnet.records || source < 0 || target < 0) return null;
    return finnet.records.ties[`${source}-${target}`] || (data.directed ? null : finnet.records.ties[`${target}-${source}`]);
  };

  const buttons = (party) => {
    const isOut = state.removed.has(party.number);
    const make = (text, key, action) => element("button", { text, title: `Key ${key}`, onclick: action });
    return element(
      "div",
      { class: "actions" },
      make("Path from here", "p", () => finnet.startPath(party)),
      make(isOut ? "Put back" : "Take out", "x", () => finnet.toggleOwn(party)),
      party.opens >= 0 ? make("Open", "o", () => finnet.open(party)) : "",
      party.opens < 0 && finnet.hasWhole() ? make("Draw its surroundings", "o", () => finnet.openAround(party.vertex)) : "",
      make("Only neighbours", "e", () => finnet.narrow(party)),
      make("Add neighbours", "E", () => finnet.expand(party)),
      make("Hide", "h", () => finnet.hide(party))
    );
  };

  const share = (tie) => {
    if (tie.share_min_ppm == null && tie.share_max_ppm == null) return "";
    const percent = (ppm) => plain(ppm / 1e4);
    if (tie.share_min_ppm === tie.share_max_ppm) return `${percent(tie.share_min_ppm)} %`;
    return `${percent(tie.share_min_ppm ?? 0)}–${percent(tie.share_max_ppm ?? 1e6)} %`;
  };
  const dates = (tie) => (tie.first && tie.last && tie.first !== tie.last ? `${tie.first} to ${tie.last}` : tie.first || tie.last);
  const tieLine = (tie) => {
    const size = tie.minor !== null ? amount(tie.minor) : data.unit === "links" || data.unit === "holdings" ? "" : `${plain(tie.size)} ${data.unit}`;
    const original = tie.currency && tie.currency !== data.unit ? `paid in ${tie.currency}` : "";
    const isSum = finnet.trail.length ? tie.isSum : data.folded;
    const count = tie.count && tie.count > 1 ? `${plain(tie.count)} ${isSum ? "links" : "payments"}` : "";
    return [tie.class, tie.role || (tie.schema && tie.schema.toLowerCase() !== tie.class ? tie.schema : ""), share(tie), size, original, count, dates(tie)].filter(Boolean).join(" · ");
  };

  const attributes = (party) => {
    const strength = (way) => parties[party.number].links.filter((link) => link[way] === party.number).flatMap((link) => link.ties);
    const ins = strength("target");
    const outs = strength("source");
    const rows = [
      ["Id", element("code", { text: party.id })],
      ["Type", party.schema],
      ["Jurisdiction", party.country && place(party.country)],
      ["All countries", party.lists.countries && party.lists.countries.length > 1 && list(party.lists.countries.map((one) => one.toUpperCase()))],
      ["Topics", party.lists.topics && list(party.lists.topics)],
      ["Tags", party.lists.tags && list(party.lists.tags)],
      ["Programmes", party.lists.programs && list(party.lists.programs)],
      ["Listed by", party.lists.authorities && list(party.lists.authorities)],
      ["Datasets", party.lists.datasets && list(party.lists.datasets)],
      ["Stands for", party.folded ? [`${plain(party.folded)} parties`, party.linksInside && `${plain(party.linksInside)} links between them`].filter(Boolean).join(", ") : ""],
      ["Neighbours", String(party.neighbours.length)],
      [data.directed ? "In" : "Size of links", ins.length || outs.length ? total(data.directed ? ins : [...ins, ...outs]) : ""],
      ["Out", data.directed && outs.length ? total(outs) : ""],
    ];
    return element("table", { class: "facts" }, ...rows.filter(([, value]) => value).map(([name, value]) => row(name, value)));
  };
  // Why it was chosen, sentence by sentence, each with the records it rests on.
  const reasons = (party) => {
    const found = (data.reasons && data.reasons[party.origin]) || [];
    const sentence = ([text, records, more]) =>
      element(
        "li",
        {},
        element("div", { text }),
        records.length ? element("div", { class: "where", text: `rests on ${records.join(", ")}${more ? ` and ${plain(more)} more records` : ""}` }) : null
      );
    return found.length ? [element("ul", { class: "reasons" }, ...found.map(sentence))] : [];
  };
  const answer = (party) => {
    const cells = data.choke && data.choke.rows[party.origin];
    if (!cells) return [];
    const rows = data.choke.columns.map((name, i) => [name, cells[i]]).filter(([, value]) => value);
    return [
      heading(`Choke point ${party.rank}`),
      data.opening && data.opening.why[party.origin] && !(data.reasons && data.reasons[party.origin]) ? element("p", { class: "why", text: data.opening.why[party.origin] }) : null,
      ...reasons(party),
      element("details", {}, element("summary", { text: "All figures of the answer" }), element("table", { class: "facts" }, ...rows.map(([name, value]) => row(name, value)))),
    ];
  };
  const ways = (party) => {
    const shown = party.links.filter(isLinkShown).sort((one, other) => finnet.sizeOf(other) - finnet.sizeOf(one) || one.number - other.number);
    const items = shown.slice(0, 100).map((link) => {
      const isOut = link.source === party.number;
      const other = parties[isOut ? link.target : link.source];
      const arrow = data.directed ? (isOut ? "→" : "←") : "–";
      const open = element("button", { class: "record-of", text: "record", title: "The link and the records that state it", onclick: () => chooseLink(link) });
      return element(
        "li",
        {},
        element("div", {}, element("span", { class: "way", text: arrow, title: isOut ? "to" : "from" }), pointer(other)),
        ...shownTies(link).slice(0, 6).map((tie) => element("div", { class: "where", text: tieLine(tie) || "link" })),
        open
      );
    });
    const more = shown.length > 100 ? hint(`and ${shown.length - 100} more: see the table`) : null;
    const filtered = party.links.length - shown.length;
    return [heading(`Links (${shown.length})`), element("ul", { class: "ways" }, ...items), more, filtered ? hint(`${filtered} links are filtered out`) : null];
  };

  const closer = () => element("button", { class: "closer", text: "×", "aria-label": "Close", title: "Close (Esc)", onclick: () => { document.body.classList.remove("has-opening"); chooseNothing(); } });
  const showParty = (party) => {
    panel.replaceChildren(
      closer(),
      element("h2", { text: party.name, tabindex: "-1" }),
      element(
        "p",
        { class: "tags" },
        party.rank ? tag(`Choke point ${party.rank}`, "rank") : null,
        party.isListed ? tag("Listed", "listed") : null,
        party.isSeed ? tag("▶ Seed", "part") : null,
        party.isExit ? tag("■ Exit", "part") : null,
        party.isCaptured ? tag("Captured by the rule", "captured") : null,
        party.isStub ? tag("Stub", "stub") : null,
        state.removed.has(party.number) ? tag("Taken out", "stub") : null
      ),
      ...[buttons(party), attributes(party), ...answer(party), ...records(recordsOf("listings", party), "Listings")].filter(Boolean),
      ...records(recordsOf("parties", party), "Records").filter(Boolean),
      ...(party.folded ? finnet.insideOf(party) : []),
      ...ways(party).filter(Boolean)
    );
  };
  const showLink = (link) => {
    const [source, target] = [parties[link.source], parties[link.target]];
    const found = recordsOfLink(link);
    const content = [
      closer(),
      element("h2", { text: "Link", tabindex: "-1" }),
      element("p", { class: "ends" }, pointer(source), ` ${data.directed ? "→" : "–"} `, pointer(target)),
      element("ul", { class: "ways" }, ...link.ties.map((tie) => element("li", { text: tieLine(tie) || "link" }))),
      link.ties.length > 1 ? hint(`Together ${total(link.ties)}`) : null,
      ...records(found, "Records"),
      link.ties.every((tie) => tie.isInferred) ? hint("Inferred: no record states this link itself.") : null,
      found ? null : hint(finnet.records ? "No record of this page belongs to this link." : "The records are still being unpacked."),
    ];
    panel.replaceChildren(...content.filter(Boolean));
  };
  // The largest link of a choke point that has a record: on a question about flow, of those that carry it.
  const proofOf = (party) => {
    const carried = finnet.carriedWithout(new Set());
    const weight = (link) => (carried ? carried.get(link.number) || 0 : finnet.sizeOf(link));
    const best = party.links.filter((link) => recordsOfLink(link)).sort((one, other) => weight(other) - weight(one) || one.number - other.number)[0];
    if (!best) return null;
    const isOut = best.source === party.number;
    const other = parties[isOut ? best.target : best.source];
    const at = Object.fromEntries(finnet.records.columns.map((name, i) => [name, recordsOfLink(best).rows[0].r[i] ?? null]));
    const where = [at.dataset, at.file, at.record && `record ${at.record}`].filter(Boolean).join(" · ");
    return element(
      "div",
      { class: "proof" },
      element("span", { text: `${data.directed ? (isOut ? "To" : "From") : "With"} ${cut(other.name)}: ${total(best.ties)}. ` }),
      element("button", { class: "name", text: `Recorded in ${where}`, onclick: () => chooseLink(best) })
    );
  };
  const cut = (name) => (name.length > 60 ? `${name.slice(0, 59)}…` : name);
  const chosenOne = (party) =>
    element(
      "li",
      {},
      pointer(party),
      element("div", { class: "where", text: [party.schema, party.country && place(party.country)].filter(Boolean).join(" · ") }),
      data.opening && data.opening.why[party.origin] ? element("div", { class: "why", text: data.opening.why[party.origin] }) : null,
      proofOf(party)
    );
  const showNothing = () => {
    const { opening } = data;
    const chosen = data.sets.length ? data.sets[0].members.map((number) => parties[number]) : [];
    const facts = (isFirst) => data.choke.summary.filter(([name]) => FIRST.has(name) === isFirst).map(([name, value]) => row(name, value));
    const content = [
      closer(),
      element("h2", { text: opening ? "What this page says" : "What is drawn" }),
      parties.length ? null : element("p", { class: "lead", text: "Nothing: no party and no link is in this network." }),
      ...(opening ? [] : data.about.map((text) => element("p", { class: "where", text }))),
      opening ? element("p", { class: "lead", text: opening.lead }) : null,
      opening && opening.sure ? element("p", { class: "where", text: `${opening.sure[0].toUpperCase()}${opening.sure.slice(1)}.` }) : null,
      opening && !data.folded && chosen.length ? element("div", { class: "actions" }, element("button", { text: state.removedBy === "none" ? "Show them taken out" : "Put them back", title: "Key w", onclick: () => finnet.flip() })) : null,
      chosen.length ? element("h3", { text: chosen.length === 1 ? "The choke point" : "The choke points" }) : null,
      chosen.length ? element("ol", { class: "chosen" }, ...chosen.map(chosenOne)) : null,
      ...finnet.overTime(),
      opening && opening.naive.length ? heading("The usual lists instead") : null,
      ...(opening ? opening.naive.map((text) => element("p", { class: "where", text })) : []),
      data.choke && data.choke.summary.length
        ? element("details", {}, element("summary", { text: "All the answer says of itself" }), element("table", { class: "facts" }, ...facts(true), ...facts(false)))
        : null,
      data.folded && finnet.hasWhole() && !finnet.trail.length ? hint("Grey marks are groups: a double click, or o, opens one.") : null,
      opening ? hint("A position in recorded links is a candidate for checking, not a finding.") : null,
      hint(`${parties.length ? "Click a party or a link, or search with the key / . " : ""}The key ? lists all keys, i comes back here.`),
    ];
    panel.replaceChildren(...content.filter(Boolean));
  };

  const show = () => {
    if (state.link !== null) showLink(finnet.links[state.link]);
    else if (state.party !== null) showParty(parties[state.party]);
    else if (state.litLinks) finnet.showPath();
    else showNothing();
    document.body.classList.toggle("has-details", state.party !== null || state.link !== null || Boolean(state.litLinks));
  };
  finnet.whenChanged(show);

  const choose = (party, isFocused) => {
    if (state.pathFrom !== null && state.pathFrom !== party.number) {
      finnet.findPath(parties[state.pathFrom], party);
      return;
    }
    document.body.classList.remove("has-opening");
    Object.assign(state, { party: party.number, link: null, litLinks: null, lit: new Set([party.number, ...party.neighbours]) });
    if (isFocused && state.isTable) finnet.showTable(false);
    finnet.changed();
    if (isFocused) finnet.fit([...state.lit].filter((number) => finnet.isShown(parties[number])), { closest: 1.1, isMoving: true });
  };
  const chooseLink = (link) => {
    document.body.classList.remove("has-opening");
    Object.assign(state, { party: null, link: link.number, lit: new Set([link.source, link.target]), litLinks: new Set([link.number]) });
    finnet.changed();
  };
  const chooseNothing = () => {
    Object.assign(state, { party: null, link: null, lit: null, litLinks: null, pathFrom: null });
    finnet.changed();
  };

  Object.assign(finnet, { share, choose, chooseLink, chooseNothing, pointer, heading, hint, tieLine, recordsOfLink, details: panel });
}

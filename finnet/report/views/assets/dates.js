"use strict";
// The time slider: only links that may have existed, or have a payment, between two months.
{
  const { ties, state, element, plain } = finnet;
  const section = document.getElementById("dates");
  const MOST = 480; // months; beyond that whole years
  let stops = [];
  let playing = null;
  let move = () => {};

  const every = (first, last) => {
    const months = [];
    for (let [year, month] = [Number(first.slice(0, 4)), Number(first.slice(5, 7) || 1)]; months.length < 12000; month++) {
      if (month > 12) [year, month] = [year + 1, 1];
      const text = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}`;
      if (text > last.slice(0, 7) && text.slice(0, 4) > last.slice(0, 4)) break;
      if (text > `${last.slice(0, 7)}~`) break;
      months.push(text);
    }
    return months.length <= MOST ? months : [...new Set(months.map((month) => month.slice(0, 4)))];
  };
  const stop = () => {
    clearInterval(playing);
    playing = null;
  };
  const build = () => {
    stop();
    const dates = ties.flatMap((tie) => [tie.first, tie.last]).filter((date) => /^\d{4}/.test(date)).sort();
    stops = dates.length ? every(dates[0], dates[dates.length - 1]) : [];
    section.hidden = stops.length < 2;
    if (section.hidden) return section.replaceChildren();
    const end = stops.length - 1;
    const shown = element("output", { text: "all" });
    const slider = (value, label) => element("input", { type: "range", min: 0, max: end, value, "aria-label": label, oninput: () => take(label) });
    const [from, to] = [slider(0, "From"), slider(end, "To")];
    const take = (label) => {
      let [low, high] = [Number(from.value), Number(to.value)];
      if (low > high) {
        if (label === "From") to.value = high = low;
        else from.value = low = high;
      }
      const isAll = low === 0 && high === end;
      Object.assign(state, { since: isAll ? "" : stops[low], until: isAll ? "" : stops[high] });
      shown.textContent = isAll ? "all" : low === high ? stops[low] : `${stops[low]} to ${stops[high]}`;
      for (const [input, at] of [[from, low], [to, high]]) input.setAttribute("aria-valuetext", stops[at]);
      finnet.changed();
    };
    // The window as it is, earlier or later; all of it becomes one twelfth first.
    move = (by) => {
      let [low, high] = [Number(from.value), Number(to.value)];
      if (low === 0 && high === end) [low, high] = by > 0 ? [0, Math.floor(end / 12)] : [end - Math.floor(end / 12), end];
      else {
        const step = Math.max(-low, Math.min(end - high, by));
        [low, high] = [low + step, high + step];
      }
      [from.value, to.value] = [low, high];
      take("From");
      return high < end;
    };
    const play = element("button", {
      class: "play",
      text: "▶ Play",
      onclick: () => {
        if (playing) stop();
        else playing = setInterval(() => { if (!move(1)) { stop(); play.textContent = "▶ Play"; } }, 700);
        play.textContent = playing ? "❚❚ Pause" : "▶ Play";
      },
    });
    const all = element("button", { text: "all", onclick: () => { [from.value, to.value] = [0, end]; take("To"); } });
    const undated = ties.filter((tie) => !tie.first && !tie.last).length;
    section.replaceChildren(
      element("h2", {}, element("span", { text: "Time" }), shown),
      from,
      to,
      element("div", { class: "actions" }, play, all),
      element("p", {
        class: "hint",
        text: `Shows links whose recorded dates meet this time, with their whole amounts.${undated ? ` ${plain(undated)} without a date always stay.` : ""}`,
      })
    );
  };
  finnet.whenScene(build);
  finnet.shiftTime = (by) => (section.hidden ? finnet.tell("Nothing on this page has a date.") : move(by));
}

// Set it your way: controls, the address, and what becomes of the verdicts. The rules are in contest-rules.js, the data in contest-data.js.
"use strict";

(() => {
  const place = document.getElementById("ew-contest");
  if (!place || typeof CONTEST === "undefined") return;
  const { questions, thresholds, names, sources, icons, edition } = CONTEST;
  const KINDS = { grade: "Sources of a grade", kind: "Sources of a kind", country: "Sources of a country", institution: "Institutions", source: "Single sources" };
  const WHOLE = "all";
  const ours = (claim) => ({ claim, day: "publication", thresholds: {}, without: {} });
  const base = judgeAll(CONTEST, ours(""));
  const claims = Object.keys(questions).filter((id) => !id.includes("."));
  const asked = (claim) => (claim === WHOLE ? Object.keys(questions) : Object.keys(questions).filter((id) => id.split(".")[0] === claim));
  const uses = (id) => {
    const q = questions[id];
    return q.judged ? [] : [...(q.tolerated ? ["tolerance"] : []), ...Object.values(q.bound), ...Object.keys(q.lists).filter(Boolean).map((key) => key.split("=")[0])];
  };
  const spoken = (name) => name.replaceAll("_", " ");
  const MONTHS = "January February March April May June July August September October November December".split(" ");
  const inWords = (day) => {
    if (day === "publication") return inWords(CONTEST.day);
    if (day === "hindsight") return "with hindsight";
    const [year, month, date] = day.split("-").map(Number);
    return [date, MONTHS[month - 1], year].filter(Boolean).join(" ");
  };
  const figure = (name, value) => (name === "tolerance" ? `${+(100 * value).toPrecision(4)} %` : String(value));
  const told = (value) => (typeof value === "boolean" ? (value ? "yes" : "no") : typeof value === "number" ? String(+value.toPrecision(4)) : value.split("/").map(inWords).join(" to "));
  const listed = (items) => (items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`);
  const inside = (name) => Object.values(questions).some((q) => q.lists && Object.keys(q.lists).some((key) => key.startsWith(`${name}=`)));
  const badge = (status) => element("span", { className: `ew-status ${statusClass(status)}`, textContent: `${icons[status]} ${status}` });
  const shown = (verdict) => `${icons[verdict.status]} ${verdict.status}${verdict.caveat ? ` (${verdict.caveat})` : ""}`;

  // What of each kind stands behind variants of these questions, on any day.
  const behind = (ids) => {
    const found = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, new Set()]));
    const lists = new Set(ids.flatMap((id) => Object.values(questions[id].lists ?? {}).flat()));
    for (const key of new Set([...lists].flatMap((list) => CONTEST.lists[list].flatMap((v) => CONTEST.variants[7][v])))) {
      const [source, ...own] = sources[key];
      found.source.add(source);
      own.forEach((name, i) => found[TRAITS[i]].add(names[name]));
    }
    return found;
  };
  const known = behind(Object.keys(questions));
  const variants = (id) => new Set(Object.values(questions[id]?.lists ?? {}).flat().flatMap((list) => CONTEST.lists[list].map((v) => CONTEST.variants[0][v])));

  // The address: claim, day, thresholds by name, what is left out by its kind, and the edition that it was made for.
  const written = (setting) => {
    const query = new URLSearchParams({ claim: setting.claim });
    if (setting.day !== "publication") query.set("day", setting.day);
    for (const [name, value] of Object.entries(setting.thresholds)) query.set(name, value);
    for (const [kind, left] of Object.entries(setting.without)) left.forEach((name) => query.append(kind, name));
    if ([...query].length > 1) query.set("edition", edition);
    return query.toString();
  };
  const read = (text) => {
    const setting = ours("");
    for (const [name, value] of new URLSearchParams(text)) {
      if (name === "edition") {
        if (value !== edition) return [null, `it was made for edition ${value}, and this is ${edition}`];
      } else if (name === "claim") {
        if (value !== WHOLE && !claims.includes(value)) return [null, `there is no claim ${value}`];
        setting.claim = value;
      } else if (name === "day") {
        if (value !== "hindsight" && (!/^\d{4}-\d\d-\d\d$/.test(value) || Number.isNaN(Date.parse(value)))) return [null, `${value} is no day`];
        setting.day = value === CONTEST.day ? "publication" : value;
      } else if (thresholds[name]) {
        const sweep = thresholds[name].sweep;
        const number = value.trim() === "" ? NaN : Number(value);
        if (!(number >= sweep[0] && number <= sweep.at(-1))) return [null, `${spoken(name)} goes from ${sweep[0]} to ${sweep.at(-1)}, not to ${value}`];
        if (inside(name) && !sweep.includes(number)) return [null, `${spoken(name)} can here be ${sweep.join(", ")}; Python takes ${value} too`];
        if (number !== thresholds[name].value) setting.thresholds[name] = number;
      } else if (known[name]?.has(value) || (name === "variant" && variants(value.slice(0, value.lastIndexOf("."))).has(value.slice(value.lastIndexOf(".") + 1)))) {
        (setting.without[name] ??= []).push(value);
      } else return [null, known[name] || name === "variant" ? `there is no ${name} ${value}` : `there is nothing called ${name} to set`];
    }
    return [setting, ""];
  };

  let setting = ours(claims[0]);
  let moves = 0;
  const problem = element("p", { className: "ew-problem", hidden: true });
  const sentence = element("p", { className: "ew-sentence" });
  sentence.setAttribute("aria-live", "polite");
  problem.setAttribute("role", "alert");
  const form = element("form", { className: "ew-tools ew-settings", autocomplete: "off" });
  form.setAttribute("aria-label", "Your setting");
  form.addEventListener("submit", (event) => event.preventDefault());
  const outcome = element("div", { className: "ew-outcome" });
  const whole = document.querySelector(".ew-contest-whole");
  const counts = element("p", { className: "ew-counts" });
  const reasoning = element("ul");
  whole.prepend(counts, element("p", {}, element("strong", { textContent: "The steps of the reasoning" })), reasoning);
  const citing = element("details", { className: "ew-behind ew-cite" }, element("summary", { textContent: "Cite this setting" }));
  const apa = element("p");
  const [bibtex, python] = [element("pre", { tabIndex: 0 }), element("pre", { tabIndex: 0 })];
  citing.append(apa, ...[bibtex, python].map((pre) => element("div", { className: "highlight" }, pre)));
  place.append(problem, form, sentence, outcome);
  whole.after(citing);

  const button = (text, act) => {
    const made = element("button", { type: "button", textContent: text });
    made.addEventListener("click", act);
    return made;
  };
  const undo = button("Undo", () => { moves -= 1; history.back(); });
  const reset = button("Reset to our values", () => change(ours(setting.claim)));
  const view = button("Show all claims", () => change({ claim: WHOLE }));
  const chips = element("div", { className: "ew-chips" });
  const change = (part) => {
    const address = written({ ...setting, ...part });
    if (address === location.hash.slice(1)) return;
    moves += 1;
    location.hash = address;
  };
  const leave = (kind, name, out = true) => {
    const left = (setting.without[kind] ?? []).filter((other) => other !== name);
    const without = { ...setting.without, [kind]: out ? [...left, name] : left };
    if (!without[kind].length) delete without[kind];
    change({ without });
  };
  const option = (value, text) => element("option", { value, textContent: text });
  const labelled = (text, control, title = "") => element("label", { title }, text, control);

  // The controls of a claim are made once; then only their values follow the setting.
  let made = { claim: "" };
  function make() {
    const ids = asked(setting.claim);
    const claim = element("select", {}, option(WHOLE, "All claims"), ...claims.map((id) => option(id, `${id}: ${questions[id].short}`)));
    claim.addEventListener("change", () => change({ claim: claim.value }));
    const days = [...new Set(ids.flatMap((id) => questions[id].days ?? []))].filter((d) => d > "1900-01-01" && d !== CONTEST.day).sort().reverse();
    const day = element("select", {}, option("publication", `${inWords("publication")} (ours)`), option("hindsight", "with hindsight"), ...days.map((d) => option(d, inWords(d))));
    day.addEventListener("change", () => change({ day: day.value }));
    const numbers = [...new Set([...ids.flatMap(uses), ...Object.keys(setting.thresholds)])].map((name) => {
      const { value, sweep } = thresholds[name];
      const select = element("select", { name }, ...sweep.map((v) => option(v, figure(name, v) + (v === value ? " (ours)" : ""))));
      select.addEventListener("change", () => {
        const { [name]: _, ...others } = setting.thresholds;
        change({ thresholds: Number(select.value) === value ? others : { ...others, [name]: Number(select.value) } });
      });
      return select;
    });
    const found = behind(ids);
    const without = element("select", {}, option("", "nothing more"), ...Object.entries(KINDS).map(([kind, label]) =>
      element("optgroup", { label }, ...[...found[kind]].sort().map((name) => option(`${kind}=${name}`, kind === "country" ? CONTEST.countries[name] : name)))));
    without.addEventListener("change", () => { const [kind, ...name] = without.value.split("="); if (kind) leave(kind, name.join("=")); });
    made = { claim: setting.claim, day, numbers, without };
    claim.value = setting.claim;
    const refocus = form.querySelector("select") === document.activeElement;
    const labels = numbers.map((select) => labelled(spoken(select.name), select, thresholds[select.name].text));
    form.replaceChildren(labelled("Claim", claim), labelled("Day", day), ...labels, labelled("Leave out", without), chips);
    if (refocus) claim.focus();
  }
  const pick = (select, value, text) => {
    if (![...select.options].some((o) => o.value === String(value))) select.append(option(value, text));
    select.value = value;
  };
  function controls() {
    if (made.claim !== setting.claim) make();
    pick(made.day, setting.day, inWords(setting.day));
    for (const select of made.numbers) {
      const value = setting.thresholds[select.name] ?? thresholds[select.name].value;
      pick(select, value, figure(select.name, value));
    }
    made.without.value = "";
    const out = Object.entries(setting.without).flatMap(([kind, left]) => left.map((name) => {
      const chip = button(`without ${kind} ${name} ✕`, () => { undo.disabled = false; undo.focus(); leave(kind, name, false); });
      chip.title = "Let it count again";
      return chip;
    }));
    undo.disabled = !moves;
    view.hidden = setting.claim === WHOLE;
    chips.replaceChildren(...out, undo, reset, view);
  }

  // What is set, in words; empty where nothing differs from ours.
  const said = () => {
    const parts = Object.entries(setting.thresholds).map(([name, value]) => `${spoken(name)} ${figure(name, value)}`);
    const left = Object.entries(setting.without).flatMap(([kind, gone]) => gone.map((name) => `${kind} ${kind === "country" ? CONTEST.countries[name] : name}`));
    const day = setting.day === "publication" ? "" : setting.day === "hindsight" ? "with hindsight" : `on ${inWords(setting.day)}`;
    return [day, parts.length ? `with ${listed(parts)}` : "", left.length ? `without ${listed(left)}` : ""].filter(Boolean).join(", ");
  };
  const capital = (text) => text[0].toUpperCase() + text.slice(1);

  function one(id, verdict) {
    const q = questions[id];
    const label = { said: "Said? ", so: "So? " }[q.says] ?? "";
    const head = element("p", {}, element("strong", { textContent: `${label}${q.short}. ` }), badge(verdict.status), verdict.caveat ? ` (${verdict.caveat})` : "");
    const before = verdict.status === base[id].status ? "The same as with our values." : `With our values: ${shown(base[id])}.`;
    const box = element("section", { className: `ew-claim ${statusClass(verdict.status)}` }, head, element("p", { textContent: before }));
    if (q.judged) box.append(element("p", { className: "ew-small", textContent: "It is judged: reasons decide, so no threshold and no source moves it." }));
    if (verdict.lost) box.append(element("p", { textContent: `Not testable: nothing is left, or was public, that decides ${listed(verdict.lost.filter(Boolean)) || "it"}.` }));
    const rows = [...verdict.variants, ...verdict.fallen];
    if (rows.length) {
      const body = rows.map((v) => {
        const gone = verdict.fallen.includes(v);
        const role = gone ? "left out" : verdict.standIn.includes(v.id) ? "stands in" : v.decides ? "decides" : "";
        const named = setting.without.variant?.includes(`${id}.${v.id}`);
        const choose = button(named ? "put back" : "leave out", () => { undo.disabled = false; undo.focus(); leave("variant", `${id}.${v.id}`, !named); });
        choose.setAttribute("aria-label", `${choose.textContent}: ${v.label}`);
        const cells = [[v.part, v.label].filter(Boolean).join(": "), told(v.observed), gone ? "" : `${icons[v.status]} ${v.status}`, role].map((text) => element("td", { textContent: text }));
        return element("tr", { className: gone ? "ew-gone" : "" }, ...cells, element("td", {}, gone && !named ? "" : choose));
      });
      const titles = ["measured by", "observed", "outcome", "", ""].map((text) => (text ? element("th", { scope: "col", textContent: text }) : element("td")));
      const table = element("table", { className: "table ew-table" }, element("thead", {}, element("tr", {}, ...titles)), element("tbody", {}, ...body));
      const agree = verdict.agreement?.[1] ? `${verdict.agreement[0]} of ${verdict.agreement[1]} measurements agree. ` : "";
      const frame = element("div", { className: "ew-scroll", tabIndex: 0 }, table);
      frame.setAttribute("role", "group");
      frame.setAttribute("aria-label", `Measurements of ${id}`);
      box.append(element("p", { className: "ew-small", textContent: `${agree}Stated: ${q.stated}.` }), frame);
    }
    return box;
  }

  function mark(now) {
    for (const tile of whole.querySelectorAll(".ew-mark")) {
      const id = tile.querySelector("a").hash.slice("#verdict-".length).toUpperCase();
      const changed = now[id].status !== base[id].status;
      recolour(tile, now[id].status);
      tile.classList.toggle("ew-changed", changed);
      const so = questions[`${id}.so`] && !tile.closest(".ew-strip") ? `; is it so? ${shown(now[`${id}.so`])}` : "";
      tile.querySelector(".ew-told").textContent = `${shown(now[id])}${changed ? `, was ${base[id].status}` : ""}${so}`;
    }
    const found = claims.map((id) => now[id].status);
    counts.replaceChildren(...Object.keys(icons).filter((s) => found.includes(s)).flatMap((s, i) => [i ? " · " : "", badge(s), ` ${found.filter((f) => f === s).length}`]));
    reasoning.replaceChildren(...CONTEST.arguments.map((step) => {
      const [then, since] = [argumentStatus(step, base), argumentStatus(step, now)];
      return element("li", {}, `${step.text} `, element("strong", { textContent: since }), then === since ? "" : `, was ${then}`, ` (${step.by.join(", ")})`);
    }));
  }

  function cite() {
    const address = location.href.split("#")[0].split("?")[0] + `#${written(setting)}`;
    const words = said() || "our values";
    const given = (id) => document.getElementById(id)?.textContent.trim() ?? "";
    apa.textContent = `${given("cite-apa")} [Setting: ${words}.] ${address}`;
    bibtex.textContent = given("cite-bibtex").replace(/\}\s*$/, `  note = {Setting: ${words}},\n  howpublished = {\\url{${address}}},\n}`);
    const quoted = (value) => JSON.stringify(value);
    const map = (pairs) => `{${pairs.map(([k, v]) => `${quoted(k)}: ${quoted(v)}`).join(", ")}}`;
    const args = [
      ...(setting.day === "publication" && setting.claim !== WHOLE ? [] : [`day=${quoted(setting.day)}`]),
      ...(Object.keys(setting.thresholds).length ? [`thresholds=${map(Object.entries(setting.thresholds))}`] : []),
      ...(Object.keys(setting.without).length ? [`without=${map(Object.entries(setting.without))}`] : []),
    ].join(", ");
    python.textContent = setting.claim === WHOLE ? `from eastward.claims.scorecard import scorecard\nscorecard(${args})`
      : `from eastward.claims.verdicts import verdict\n${asked(setting.claim).map((id) => `verdict(${[quoted(id), ...(args ? [args] : [])].join(", ")})`).join("\n")}`;
  }

  function render() {
    const now = judgeAll(CONTEST, setting);
    const changed = claims.filter((id) => now[id].status !== base[id].status);
    const good = claims.filter((id) => GOOD.includes(now[id].status)).length;
    const words = said();
    if (setting.claim === WHOLE) {
      sentence.textContent = `${capital(words || "with our values")} ${good} of ${claims.length} claims are supported, with or without caveats; ${changed.length || "none"} changed.`;
    } else {
      const [id, so] = asked(setting.claim);
      const also = so ? `; whether it is so: ${now[so].status}` : "";
      const was = now[id].status === base[id].status ? (words ? ", as with our values" : "") : `; with our values it is ${base[id].status}`;
      sentence.textContent = `${capital(words || "with our values")} ${id} is ${now[id].status}${was}${also}.`;
    }
    controls();
    whole.classList.toggle("ew-shown", setting.claim === WHOLE);
    if (setting.claim === WHOLE) { mark(now); outcome.replaceChildren(); } else {
      const link = element("a", { className: "reference internal", href: `../${questions[setting.claim].chapter}.html#verdict-${setting.claim.toLowerCase()}`, textContent: "Its card, with the rule and the evidence" });
      outcome.replaceChildren(...asked(setting.claim).map((id) => one(id, now[id])), element("p", {}, link));
    }
    cite();
  }

  function start() {
    const address = location.hash.slice(1) || location.search.slice(1);
    const [found, wrong] = read(address);
    problem.hidden = !wrong;
    problem.textContent = wrong ? `This address does not fit: ${wrong}. Our values are shown.` : "";
    const claim = new URLSearchParams(address).get("claim");
    setting = found ?? ours(claim === WHOLE || claims.includes(claim) ? claim : "");
    setting.claim ||= claims[0];
    render();
  }
  window.addEventListener("hashchange", start);
  place.classList.add("ew-ready");
  start();
})();

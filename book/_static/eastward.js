// What scripts add to a book that can be read without them: filters, previews, two dates, values in figures, sortable tables, printing.
"use strict";

const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// The search page reads its results from other files, which browsers forbid for file://; then titles alone are listed.
if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS !== "undefined") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

// The theme would scroll the sidebar to the page's name, and so its search field out of sight.
if (!sessionStorage.getItem("sidebar-scroll-top")) sessionStorage.setItem("sidebar-scroll-top", "0");

const DATES = { publication: "On publication", hindsight: "With hindsight" };

function dateButtons(choose, pressed = "publication", label = "Date of the verdict") {
  const buttons = Object.entries(DATES).map(([date, label]) => {
    const button = element("button", { type: "button", textContent: label });
    button.dataset.date = date;
    button.addEventListener("click", () => { press(date); choose(date); });
    return button;
  });
  const press = (date) => buttons.forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.date === date)));
  press(pressed);
  const group = element("div", { className: "ew-asof" }, ...buttons);
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", label);
  return group;
}

const statusClass = (status) => "verdict-" + status.toLowerCase().replace(/[^a-z]+/g, "-");

function recolour(card, status) {
  card.classList.remove(...[...card.classList].filter((c) => c.startsWith("verdict-")));
  card.classList.add(statusClass(status));
}

// Figures: what was not yet public when the op-ed appeared can be hidden; the title then reads as it would have.
function figureDates() {
  for (const place of all(".ew-dates")) {
    const figure = place.closest("figure");
    if (place.dataset.then) {
      const now = figure.querySelector(".caption-text").closest("p");
      const before = now.cloneNode(true);
      before.querySelector(".caption-text").textContent = place.dataset.then;
      before.querySelector(".headerlink")?.remove();
      const both = element("div", { className: "ew-findings" });
      now.replaceWith(both);
      both.append(now, before);
    }
    place.append(dateButtons((date) => figure.classList.toggle("ew-then", date === "publication"), "hindsight", "Date of the figures"));
  }
}

// Distance of a point from the line between two others: marks are points, or bars from their start to their end.
function distance(x, y, mark) {
  const [dx, dy] = [mark.x0 - mark.x, mark.y0 - mark.y];
  const along = dx || dy ? Math.min(1, Math.max(0, ((x - mark.x) * dx + (y - mark.y) * dy) / (dx * dx + dy * dy))) : 0;
  return Math.hypot(x - mark.x - along * dx, y - mark.y - along * dy);
}

// Values of a figure's marks: at the pointer, at a tap, and by arrow keys; gone with Escape.
function figureValues() {
  const REACH = 40; // Points of the drawing within which a mark answers the pointer.
  const closers = [];
  for (const drawing of all(".ew-drawing[data-marks]")) {
    const figure = drawing.closest("figure");
    const svgs = all(":scope > svg", drawing); // One for wide, one for narrow pages, of which one is shown.
    const now = () => Math.max(0, svgs.findIndex((svg) => svg.getClientRects().length));
    const place = (numbers) => { const [x, y, x0 = x, y0 = y] = numbers.split(",").map(Number); return { x, y, x0, y0 }; };
    const narrow = drawing.dataset.narrow.split(" ");
    const marks = drawing.dataset.marks.split("\n").map((line, number) => {
      const [, plus, numbers, text] = line.match(/^(\+?)(\S+) (.*)$/);
      return { at: [place(numbers), place(narrow[number].replace("+", ""))], text, later: plus === "+" };
    });
    const box = element("div", { className: "ew-preview ew-value" });
    box.setAttribute("role", "status");
    figure.append(box);
    const ring = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    ring.setAttribute("class", "ew-ring");
    ring.setAttribute("r", "6");
    let at = null;
    const shown = () => (figure.classList.contains("ew-then") ? marks.filter((mark) => !mark.later) : marks);
    const close = () => { at = null; box.textContent = ""; ring.remove(); };
    const moveBox = () => {
      const [outer, spot] = [figure.getBoundingClientRect(), ring.getBoundingClientRect()];
      const left = spot.left + spot.width / 2 - outer.left - box.offsetWidth / 2;
      box.style.left = `${Math.max(0, Math.min(left, outer.width - box.offsetWidth))}px`;
      const above = spot.top - box.offsetHeight - 2;
      box.style.top = `${(above > 0 ? above : spot.bottom + 2) - outer.top}px`;
    };
    const open = (mark, spoken = "off") => {
      if (mark === at) return;
      at = mark;
      ring.setAttribute("cx", mark.at[now()].x);
      ring.setAttribute("cy", mark.at[now()].y);
      svgs[now()].append(ring);
      box.setAttribute("aria-live", spoken);
      box.textContent = mark.text;
      moveBox();
    };
    const point = (event) => {
      const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(svgs[now()].getScreenCTM().inverse());
      const near = shown().map((mark) => [distance(x, y, mark.at[now()]), mark]).sort((a, b) => a[0] - b[0])[0];
      if (near && near[0] <= REACH) open(near[1]); else close();
    };
    const leave = (event) => {
      if (event.pointerType !== "touch" && !drawing.contains(event.relatedTarget) && !box.contains(event.relatedTarget)) close();
    };
    for (const svg of svgs) {
      svg.addEventListener("pointermove", (event) => { if (event.pointerType !== "touch") point(event); });
      svg.addEventListener("click", point);
    }
    drawing.addEventListener("pointerleave", leave);
    box.addEventListener("pointerleave", leave);
    drawing.addEventListener("blur", close);
    drawing.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
      if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      const known = shown();
      const start = at ? known.indexOf(at) : step > 0 ? -1 : known.length;
      open(known[Math.max(0, Math.min(known.length - 1, start + step))], "polite");
    });
    figure.addEventListener("click", (event) => { if (event.target.closest(".ew-dates")) close(); });
    drawing.setAttribute("aria-label", `${drawing.getAttribute("aria-label")}; arrow keys read its values`);
    closers.push((event) => { if (!event || !(drawing.contains(event.target) || box.contains(event.target))) close(); });
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closers.forEach((close) => close()); });
  document.addEventListener("pointerdown", (event) => closers.forEach((close) => close(event)));
}

// The page of claims: filter by status on the chosen date, kind and basis.
function claimFilter() {
  const cards = all("section.ew-claim");
  if (!cards.length) return;
  const chosen = { date: "publication", status: "", kind: "", basis: "" };
  const status = (card) => (chosen.date === "hindsight" ? card.dataset.hindsight : card.dataset.status);
  const count = element("output");
  const show = () => {
    let seen = 0;
    for (const card of cards) {
      recolour(card, status(card));
      const fits = (!chosen.status || status(card) === chosen.status) && (!chosen.basis || card.dataset.basis === chosen.basis)
        && (!chosen.kind || card.dataset.kinds.split(" ").includes(chosen.kind));
      card.hidden = !fits;
      seen += fits;
    }
    count.textContent = `${seen} of ${cards.length} claims`;
  };
  // Back, Forward and Reload find the list as it was left; Sphinx empties the history's own state.
  const keep = () => { sessionStorage.setItem("ew-claims", JSON.stringify(chosen)); show(); };
  const kept = () => (performance.getEntriesByType("navigation")[0]?.type === "navigate" ? {} : JSON.parse(sessionStorage.getItem("ew-claims")));
  const choice = (name, label, values) => {
    const select = element("select", {}, element("option", { value: "", textContent: "all" }),
      ...[...new Set(values)].sort().map((v) => element("option", { value: v, textContent: v })));
    select.name = name;
    select.addEventListener("change", () => { chosen[name] = select.value; keep(); });
    return element("label", {}, label, select);
  };
  const dates = dateButtons((date) => { chosen.date = date; keep(); });
  const tools = element("form", { className: "ew-tools" }, dates,
    choice("status", "Status", cards.flatMap((c) => [c.dataset.status, c.dataset.hindsight])),
    choice("kind", "Kind", cards.flatMap((c) => c.dataset.kinds.split(" "))),
    choice("basis", "Basis", cards.map((c) => c.dataset.basis)), count);
  tools.setAttribute("aria-label", "Filter the claims");
  tools.autocomplete = "off";
  tools.addEventListener("submit", (event) => event.preventDefault());
  document.querySelector(".ew-place").append(tools);
  const filter = (wanted) => {
    Object.assign(chosen, wanted);
    all("select", tools).forEach((select) => { select.value = chosen[select.name]; });
    all("button", dates).forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.date === chosen.date)));
    show();
  };
  // A link to a card that is filtered out shows all cards, also where the address is the same as before.
  const reveal = () => {
    const card = document.getElementById(location.hash.slice(1))?.closest("section.ew-claim");
    if (!card?.hidden) return;
    filter({ status: "", kind: "", basis: "" });
    keep();
    card.scrollIntoView();
  };
  window.addEventListener("hashchange", reveal);
  document.addEventListener("click", (event) => { if (event.target.closest("a[href*='#']")) setTimeout(reveal); });
  window.addEventListener("pageshow", reveal);
  filter(kept());
}

// Previews of claims and sources: on hover and on focus, gone with Escape. Without scripts the title attribute tells.
function previews() {
  let box = null;
  const close = () => { if (box) { box.owner.removeAttribute("aria-describedby"); box.remove(); box = null; } };
  for (const link of all(".bd-content a.reference[title]")) {
    const text = link.title;
    const open = () => {
      close();
      box = element("div", { className: "ew-preview", id: "ew-preview", textContent: text, owner: link });
      box.setAttribute("role", "tooltip");
      document.body.append(box);
      const at = link.getBoundingClientRect();
      box.style.left = `${Math.max(8, Math.min(at.left + scrollX, scrollX + document.documentElement.clientWidth - box.offsetWidth - 8))}px`;
      box.style.top = `${at.bottom + scrollY + 6}px`;
      link.setAttribute("aria-describedby", "ew-preview");
    };
    link.removeAttribute("title");
    link.addEventListener("mouseenter", open);
    link.addEventListener("focus", open);
    link.addEventListener("mouseleave", close);
    link.addEventListener("blur", close);
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
}

// Tables of eight rows and more can be sorted, those of twenty and more searched.
const DATED = /^(\d{1,2} )?(January|February|March|April|May|June|July|August|September|October|November|December) \d{4}$/;

function value(row, column) {
  const text = row.cells[column] ? row.cells[column].textContent.trim() : "";
  const date = DATED.exec(text);
  if (date) return Date.parse(date[1] ? text : `1 ${text}`);
  const number = Number(text.replace(/[\s%,−]/g, (c) => (c === "−" ? "-" : "")));
  return text && !Number.isNaN(number) ? number : text.toLowerCase();
}

const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b)));

function sortable(table) {
  const heads = all("thead th", table);
  const body = table.tBodies[0];
  heads.forEach((head, column) => {
    if (!head.textContent.trim()) return;
    const button = element("button", { type: "button", className: "ew-sort" });
    button.append(...(head.querySelector("p") || head).childNodes);
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((h) => h.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows].sort((a, b) => (down ? -1 : 1) * compare(value(a, column), value(b, column)));
      body.append(...rows);
    });
  });
}

function searchable(table) {
  const field = element("input", { type: "search", className: "ew-search", placeholder: "Search this table" });
  field.setAttribute("aria-label", "Search this table");
  field.addEventListener("input", () => {
    const wanted = field.value.toLowerCase();
    for (const row of table.tBodies[0].rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });
  (table.closest(".pst-scrollable-table-container, .ew-scroll") || table).before(field);
}

function tables() {
  for (const table of all(".bd-article table")) {
    if (!table.tHead || !table.tBodies[0]) continue;
    if (table.tBodies[0].rows.length >= 8) sortable(table);
    if (table.tBodies[0].rows.length >= 20) searchable(table);
  }
}

// Print the evidence too, and fold it again afterwards.
function printing() {
  let opened = [];
  window.addEventListener("beforeprint", () => {
    for (const folded of all("details.sd-dropdown:not([open])")) { folded.open = true; opened.push(folded); }
  });
  window.addEventListener("afterprint", () => { opened.forEach((d) => { d.open = false; }); opened = []; });
}

for (const start of [figureDates, figureValues, claimFilter, previews, tables, printing]) start();

// Sphinx's link that hides search matches has a javascript: address, which the Content-Security-Policy refuses.
document.addEventListener("click", (event) => {
  if (!event.target.closest(".highlight-link a")) return;
  event.preventDefault();
  SphinxHighlight.hideSearchWords();
});

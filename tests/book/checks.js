// What the browser tests ask a page: each function returns what is wrong, so nothing where all is well.
"use strict";

globalThis.violations = tags => axe.run({runOnly: tags}).then(r => r.violations.flatMap(
    v => v.nodes.map(n => `${v.id}: ${n.target.join(" ")} ${n.failureSummary}`)).slice(0, 5));

globalThis.contrast = () => {
    // Texts of figures with a contrast below WCAG's 4.5 to 1, on the mark under their middle or else on the page.
    const light = c => { const v = c / 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
    const luminance = colour => { const [r, g, b] = colour.match(/[\d.]+/g).map(Number); return 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b); };
    const page = getComputedStyle(document.body).backgroundColor;
    const ground = text => {
        text.scrollIntoView({block: "center", behavior: "instant"});
        const box = text.getBoundingClientRect();
        const under = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2)
            .find(e => e.closest("svg") && !e.closest("text") && e.localName !== "svg" && getComputedStyle(e).fill !== "none");
        return under && getComputedStyle(under).opacity > 0.9 && getComputedStyle(under).fillOpacity > 0.9 ? getComputedStyle(under).fill : page;
    };
    return [...document.querySelectorAll(".ew-drawing svg text")].filter(t => t.textContent.trim() && t.checkVisibility()).map(t => {
        const [a, b] = [luminance(getComputedStyle(t).fill), luminance(ground(t))];
        return [t.textContent.trim(), getComputedStyle(t).fill, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
    }).filter(([, , ratio]) => ratio < 4.5);
};

globalThis.figures = () => [...document.querySelectorAll(".ew-drawing")].flatMap(drawing => {
    // Figures that scroll, cut a text off or write smaller than ten pixels.
    const svg = [...drawing.querySelectorAll("svg")].find(s => s.getClientRects().length);
    const [frame, scale] = [svg.getBoundingClientRect(), svg.getScreenCTM().a];
    const bad = [...svg.querySelectorAll("text")].filter(t => { const b = t.getBoundingClientRect(); return t.textContent.trim() && (
        b.left < frame.left - 4 || b.right > frame.right + 4 || scale * parseFloat(getComputedStyle(t).fontSize) < 10); });
    return bad.length || drawing.scrollWidth > drawing.clientWidth ? [[drawing.closest("figure").id, ...bad.map(t => t.textContent)]] : [];
});

globalThis.small = () => [...document.querySelectorAll(".ew-strip *, .ew-op-ed *")].filter(
    e => e.checkVisibility() && parseFloat(getComputedStyle(e).fontSize) < 10).length;

// Pages without a citation, such as the search, are not made for paper.
globalThis.printed = () => !document.querySelector(".ew-printed") ? [] : [
    ["title", document.querySelector(".bd-article h1").checkVisibility()],
    ["author, version and address", document.querySelector(".ew-printed").checkVisibility() && document.querySelector(".ew-version").checkVisibility()],
    ["the width of the sheet", document.querySelector(".bd-article").clientWidth > 1180],
    ["light colours", getComputedStyle(document.querySelector(".bd-article")).color === "rgb(0, 0, 0)"],
    ["unfolded evidence", !document.querySelector(".bd-article details.sd-dropdown:not([open])")],
    ["no buttons", ![...document.querySelectorAll("button:not(.ew-sort), input, select, nav, .bd-sidebar-primary, details.hide")].some(e => e.checkVisibility())],
    ["one drawing a figure", [...document.querySelectorAll(".ew-drawing")].every(d => [...d.children].filter(s => s.checkVisibility()).length === 1)],
].filter(([, kept]) => !kept).map(([name]) => name);

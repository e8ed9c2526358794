// What the search page is told beside Sphinx's own: other words for those of the book, decimals as one number, lists last.
const ALIASES = [
  [/\bbillion\b/gi, "bn"], [/\btrade turnover\b/gi, "trade"], [/\bpercent\b/gi, "per cent"], [/\b(?:de-?)?dollari[sz]ation\b/gi, "rubles yuan"], [/\broubles?\b/gi, "rubles"],
  [/хавал\p{L}*/giu, "Haval"], [/хайер\p{L}*/giu, "Haier"], [/путин\p{L}*/giu, "Putin"], [/лавров\p{L}*/giu, "Lavrov"], [/рузвельт\p{L}*/giu, "Roosevelt"],
  [/кита[йяею]\p{L}*/giu, "China"], [/юан\p{L}*/giu, "yuan"],
];

var splitQuery = (query) => ALIASES.reduce((text, pair) => text.replace(...pair), query)
  .match(/\d+(?:\.\d+)+|[\p{Letter}\p{Number}_]+/gu) || [];

var Scorer = {
  objNameMatch: 11, objPartialMatch: 6, objPrio: { 0: 15, 1: 5, 2: -5 }, objPrioDefault: 0, title: 15, partialTitle: 7, term: 5, partialTerm: 2,
  // A page of lists holds most words; chapters say what they mean.
  score: ([page, , anchor, , score]) => (anchor ? score : score + (page.startsWith("notebooks/") ? 2 : 0)
    - (/\/(catalogue|references|availability|changelog|claims)$/.test(page) ? 10 : 0)),
};

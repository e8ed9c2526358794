// The rules of data/claims.yaml, as eastward.claims.verdicts applies them, on the lists of variants that the build writes.
// A setting is {day, thresholds: {name: value}, without: {trait: [names]}}; a test holds every status against Python's.
"use strict";

const TRAITS = ["grade", "kind", "country", "institution"];
const STATUS = {
  SUPPORTED: "supported", CAVEATS: "supported with caveats", IMPRECISE: "imprecise", PARTLY: "partly right", CONTRADICTED: "contradicted",
  NO_RECORD: "no record found", OFFICIAL: "official claim only", UNTESTABLE: "not testable",
};
const SEVERITY = [STATUS.SUPPORTED, STATUS.CAVEATS, STATUS.IMPRECISE, STATUS.NO_RECORD, STATUS.CONTRADICTED];
const GOOD = [STATUS.SUPPORTED, STATUS.CAVEATS];
const failed = (status) => status === STATUS.NO_RECORD || status === STATUS.CONTRADICTED;
const worse = (one, other) => (SEVERITY.indexOf(other) > SEVERITY.indexOf(one) ? other : one);

// Days since 1970 of the first or the last day of an ISO 8601 year, month, day or interval.
function dayNumber(period, last) {
  const [year, month, day] = period.split("/").at(last ? -1 : 0).split("-").map(Number);
  if (day) return Date.UTC(year, month - 1, day) / 864e5;
  return (last ? Date.UTC(year, month ?? 12, 0) : Date.UTC(year, (month ?? 1) - 1, 1)) / 864e5;
}

function applyRule(question, numbers, observed, half) {
  const { stated, half: statedHalf, margin, tolerance } = numbers;
  const kind = question.kind;
  if (kind === "holds" || kind === "record") return observed ? STATUS.SUPPORTED : kind === "holds" ? STATUS.CONTRADICTED : STATUS.NO_RECORD;
  if (kind === "date") {
    const [first, last, starts, ends] = [dayNumber(stated, false), dayNumber(stated, true), dayNumber(observed, false), dayNumber(observed, true)];
    if (first <= starts && ends <= last) return STATUS.SUPPORTED;
    return first - (margin || 0) <= starts && ends <= last + (margin || 0) ? STATUS.IMPRECISE : STATUS.CONTRADICTED;
  }
  if (kind === "order") return observed <= 1 ? STATUS.CONTRADICTED : observed >= (margin || 1) ? STATUS.SUPPORTED : STATUS.IMPRECISE;
  if (kind === "rank") return observed <= stated ? STATUS.SUPPORTED : observed <= stated + 1 ? STATUS.IMPRECISE : STATUS.CONTRADICTED;
  const over = { at_least: observed - stated, at_most: stated - observed, about: -Math.abs(observed - stated) }[question.direction];
  const slack = 1e-9 * Math.max(Math.abs(observed), Math.abs(stated));
  if (over >= -(half + statedHalf + slack)) return STATUS.SUPPORTED;
  return over >= -(tolerance * Math.abs(stated) + slack) ? STATUS.IMPRECISE : STATUS.CONTRADICTED;
}

function combine(variants, statuses, caveats) {
  if (!variants.length) return STATUS.UNTESTABLE;
  const parts = new Map();
  variants.forEach((v, i) => { if (v.decides) parts.set(v.part, worse(parts.get(v.part) ?? STATUS.SUPPORTED, statuses[i])); });
  const found = [...parts.values()];
  const base = found.some(failed) && !found.every(failed) ? STATUS.PARTLY : found.reduce(worse);
  if (!failed(base) && !variants.some((v) => v.independent)) return STATUS.OFFICIAL;
  return base === STATUS.SUPPORTED && (caveats || statuses.some((s) => s !== STATUS.SUPPORTED)) ? STATUS.CAVEATS : base;
}

// Pieces of evidence that agree with what decides their part, of how many: Verdict.agreement.
function agreement(variants, statuses) {
  const decided = new Set(variants.filter((v) => v.decides).map((v) => v.part));
  const [base, first] = [new Map(), new Map()];
  variants.forEach((v, i) => {
    const part = decided.has(v.part) ? v.part : variants[0].part;
    if (!base.has(part)) base.set(part, statuses[i]);
    const key = `${v.evidence} ${v.part}`;
    if (!first.has(key)) first.set(key, { ...v, agrees: base.get(part) === statuses[i] });
  });
  const pieces = [...first.values()];
  const heard = new Set(pieces.filter((p) => decided.has(p.part)).map((p) => p.evidence));
  const not = new Set(pieces.filter((p) => !p.agrees && (decided.has(p.part) || !heard.has(p.evidence))).map((p) => p.evidence));
  const of = new Set(pieces.map((p) => p.evidence)).size;
  return [of - not.size, of];
}

// The variants of a question as they were on a day, with the thresholds that enter its quantity; those of two thresholds are merged.
function listed(data, question, thresholds, day) {
  const at = (lists) => {
    const place = day === "hindsight" ? question.days.length - 1 : question.days.findLastIndex((since) => since <= day);
    return place < 0 ? [] : data.lists[lists[place]];
  };
  const base = at(question.lists[""]);
  const changed = Object.entries(thresholds).map(([name, value]) => question.lists[`${name}=${value}`]).filter(Boolean).map(at);
  if (changed.length < 2) return changed[0] ?? base;
  return base.map((number, i) => changed.map((list) => list[i]).find((other) => other !== number) ?? number);
}

// Numbers of the sources that are left out.
function leftOut(data, without) {
  const own = Object.entries(without).filter(([trait]) => trait !== "variant");
  const gone = ([key, ...names]) => own.some(([trait, left]) => left.includes(trait === "source" ? key : data.names[names[TRAITS.indexOf(trait)]]));
  return own.length ? new Set(data.sources.flatMap((source, number) => (gone(source) ? [number] : []))) : new Set();
}

// Variants by number, each read once.
function read(data, number) {
  data.known ??= [];
  if (!data.known[number]) {
    const [id, label, observed, half, part, kind, evidence, sources] = data.variants.map((column) => column[number]);
    data.known[number] = { id, label, observed, half, part: data.names[part], decides: kind > 1, independent: kind % 2 === 1, evidence, sources };
  }
  return data.known[number];
}

function judge(data, setting, id, out = leftOut(data, setting.without)) {
  const question = data.questions[id];
  const day = setting.day === "publication" ? data.day : setting.day;
  const late = day === "hindsight" ? 1 : 0;
  const caveat = question.caveat[late];
  if (question.judged) return { id, status: question.judged[late], caveat: question.judged[late] === STATUS.CAVEATS ? caveat : "", variants: [], fallen: [], standIn: [] };
  const bound = (field) => setting.thresholds[question.bound[field]] ?? question.numbers[field];
  const numbers = { stated: bound("stated"), half: bound("half"), margin: bound("margin"), tolerance: setting.thresholds.tolerance ?? data.thresholds.tolerance.value };
  const gone = (v) => v.sources.some((key) => out.has(key)) || setting.without.variant?.includes(`${id}.${v.id}`);
  const seen = (when) => listed(data, question, setting.thresholds, when).map((number) => ({ ...read(data, number) }));
  const variants = seen(day);
  const parts = (list) => [...new Set(list.filter((v) => v.decides).map((v) => v.part))];
  const fallen = variants.filter(gone);
  const left = variants.filter((v) => !fallen.includes(v));
  const [lost, standIn] = [[], []];
  for (const part of parts(variants)) {
    const own = left.filter((v) => v.part === part);
    if (!own.length) lost.push(part);
    else if (!own.some((v) => v.decides)) { own[0].decides = true; standIn.push(own[0].id); }
  }
  if (!late && day !== data.day) lost.push(...parts(seen(data.day)).filter((part) => !parts(variants).includes(part)));
  const kept = [...left.filter((v) => v.decides), ...left.filter((v) => !v.decides)];
  if (lost.length || (variants.length && !kept.some((v) => v.decides))) return { id, status: STATUS.UNTESTABLE, caveat: "", variants: [], fallen, standIn: [], lost };
  const statuses = kept.map((v) => applyRule(question, numbers, v.observed, v.half));
  kept.forEach((v, i) => { v.status = statuses[i]; });
  const status = combine(kept, statuses, Boolean(caveat));
  const [agree, of] = kept.length ? agreement(kept, statuses) : [0, 0];
  const other = agree < of ? `${of - agree} of ${of} measurements disagree` : "another reading of the source disagrees";
  return { id, status, caveat: status === STATUS.CAVEATS ? caveat || other : "", variants: kept, fallen, standIn, agreement: [agree, of] };
}

function judgeAll(data, setting) {
  const out = leftOut(data, setting.without);
  return Object.fromEntries(Object.keys(data.questions).map((id) => [id, judge(data, setting, id, out)]));
}

// Whether a step of the reasoning holds, from the claims that carry it: eastward.claims.scorecard.argument_status.
function argumentStatus(argument, verdicts) {
  const found = argument.by.map((id) => verdicts[id].status);
  const turns = argument.turns && verdicts[argument.turns].status;
  const fails = found.filter((status) => status === STATUS.CONTRADICTED).length > found.length / 2;
  if (turns && !GOOD.includes(turns)) return turns === STATUS.CONTRADICTED ? "fails" : "not shown";
  if (!found.some((status) => GOOD.includes(status))) return fails ? "fails" : "not shown";
  return found.every((status) => GOOD.includes(status)) ? "holds" : fails ? "fails" : "holds in part";
}

if (typeof module !== "undefined") module.exports = { judge, judgeAll, argumentStatus };

// English texts of the page of rules.
import type { rulesDe } from "./rules-de.ts";

const some = (n: string, one: string, many: string) => `${n} ${n === "1" ? one : many}`;

export const rulesEn: typeof rulesDe = {
  title: "Rules",
  differing: "The processes work with different rules.",
  differingHint:
    "That is usual just after a change. If it lasts, compare the rule folders of the machines and read the rules anew.",
  ruleGroup: (names, rules) => `${names}: ${some(rules, "rule", "rules")}`,
  filter: "Filter rules",
  loaded: (n) => `${some(n, "rule", "rules")} loaded`,
  correlations: (n) => `${some(n, "correlation", "correlations")} among them`,
  faults: (n) => `${n} with faults`,
  faultsTitle: "Rules that were not loaded",
  rule: "Rule",
  level: "Level",
  hits: "Hits",
  status: "Maturity",
  attack: "Technique",
  origin: "Origin",
  place: "Place",
  fault: "Fault",
  table: "Loaded rules",
  empty: "No rule fits.",
  correlation: "Correlation",
  correlationTypes: {
    event_count: "number of events",
    value_count: "number of distinct values",
    temporal: "occurred together",
    temporal_ordered: "occurred one after the other",
    value_sum: "sum of values",
    value_avg: "mean of values",
    value_percentile: "percentile",
    value_median: "median",
  },
  joins: (type, span) => `${type}, within ${span}; joins:`,
  silenced: "A correlation speaks for this rule. It makes no findings of its own.",
  filteredBy: (titles) => `Exception: ${titles}`,
  reload: "Read the rules anew",
  reloading: "The rules are being read …",
  reloaded: {
    changed: (added, removed, changed) =>
      `Read: ${added} new, ${removed} gone, ${changed} changed. They hold from now on.`,
    unchanged: "Read: nothing has changed.",
    kept: (reason) => `The old rules hold on: ${reason}`,
  },
  leftOutTitle: (n) => `Left out on purpose: ${some(n, "rule", "rules")}`,
  leftOutHint: "Nothing is wrong with them.",
  leftOut: {
    status: (status) => `Maturity “${status}” is not loaded.`,
    obsolete: (title) => `Replaced by “${title}”.`,
    renamed: (title) => `Is now called “${title}”.`,
  },
  notesTitle: (n) => `Exceptions to look at: ${some(n, "note", "notes")}`,
  notes: {
    "filter-expired": (day) => `Held until ${day} and does nothing any more.`,
    "filter-rule-missing": (rule) => `Names a rule that is not there: ${rule}`,
    "filter-logsource": (rule) => `The log source does not fit the rule ${rule}.`,
    "filter-unused": (_none) => "No rule fits this exception.",
  },
  costsTitle: "The dearest rules",
  costsHint:
    "Measured on a sample of all events since the rules hold. Share of the time that all rules take.",
  costShare: "Share",
  costTime: "per try",
  microseconds: (n) => `${n} µs`,
};

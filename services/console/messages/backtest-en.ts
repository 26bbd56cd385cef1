// English texts of the page of backtests.
import type { backtestDe } from "./backtest-de.ts";

const some = (n: string, one: string, many: string) => `${n} ${n === "1" ? one : many}`;

export const backtestEn: typeof backtestDe = {
  title: "Backtest",
  open: "Backtest",
  openFor: (rule) => `Backtest with “${rule}”`,
  intro:
    "Shows what rules would have found in the archive. It makes no findings, and live detection is not slowed down.",
  which: "Which rules?",
  loaded: "A loaded rule",
  pack: "All loaded rules",
  own: "Your own rule as YAML",
  filter: "Search for a rule",
  rule: "Rule",
  choose: "Please choose",
  noRule: "No rule fits.",
  moreRules: (n) => `${n} more fit. Please search more closely.`,
  yaml: "Sigma rule (YAML)",
  yamlHint: "One or more rules, parted by a line with ---.",
  range: "Time span",
  ranges: { "1": "Last day", "7": "Last 7 days", "30": "Last 30 days", own: "From – to" },
  from: "From",
  to: "To",
  rangeNeeded: "Please give the beginning and the end of the span, the end after the beginning.",
  ruleNeeded: "Please choose or enter a rule.",
  start: "Start",
  cancel: "Cancel",
  busy: "A backtest is running already. Please wait or cancel it.",
  running: (events, hits) => `Running: ${some(events, "event", "events")}, ${hits} hits`,
  progress: "Progress of the backtest",
  failed: (code) => `The backtest failed (${code}).`,
  result: "Result",
  sums: (rules, hits, findings) =>
    `${some(rules, "rule", "rules")}, ${hits} hits, ${some(findings, "finding", "findings")}`,
  read: (events, share, span) =>
    `${some(events, "event", "events")} read (${share} of the span) in ${span}`,
  stopped: {
    cancelled: "Cancelled: only what had been read until then is counted.",
    events: "The highest number of events was reached: only what was read until then is counted.",
  },
  cut: "There are more findings than can be told apart. There are at least as many as shown.",
  correlationCut: (n) =>
    `Correlations have seen the first ${n} hits of their rules only. What came later is not judged.`,
  joins: (titles) => `Correlation over ${titles}`,
  silenced:
    "A correlation speaks for this rule: in operation it makes no findings, and here it is not part of the sum.",
  faults: "Rules that were not used",
  nothing: "No rule hit anything.",
  notExact: "Not exact",
  notExactWhy: (fields) =>
    `The rule reads personal data (${fields}). The archive has only pseudonyms there, so the result may differ from live detection.`,
  notReached: "No event reaches this rule's log source.",
  inactive: (reason) => `The rule can't fire: ${reason}`,
  hits: "Hits",
  findings: "Findings",
  most: "Most on a day",
  span: (first, last) => `First hit ${first}, last ${last}`,
  chart: (days, findings, most, day) =>
    `Findings a day: ${findings} on ${some(days, "day", "days")}, at most ${most} on ${day}`,
  asTable: "As a table",
  day: "Day",
  samples: "Samples",
  sample: (time, group) => `${time}, ${group}`,
  toEvent: "Search in the archive",
  moreRulesHit: (n) => `${n} more rules with hits are not shown here.`,
};

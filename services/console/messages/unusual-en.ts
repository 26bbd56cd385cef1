// English texts about what a model found unusual.
import type { unusualDe } from "./unusual-de.ts";

export const unusualEn: typeof unusualDe = {
  span: (n, step, first, last) =>
    n === "1" ? `one value of ${first}.` : `${n} values ${step} apart, ${first} to ${last}.`,
  days: (n, first, last) => (n === "1" ? `one day, ${first}.` : `${n} days, ${first} to ${last}.`),
  range: (least, most) => `The smallest is ${least}, the largest ${most}.`,
  last: (value, band) =>
    band === undefined ? `The last is ${value}.` : `The last is ${value}, ${band}.`,
  outside: (low, high) => `outside what is usual (${low} to ${high})`,
  improbable: (often) => `at most 1 of ${often} cases without a reason`,
  judged: (wrong, all) => `; ${wrong} of ${all} judged like it were false alarms`,
  drivers: "What deviates. The share says how much of the anomaly it makes up.",
  details: "Examples and numbers of it",
  detail: "What",
  driver: "Feature",
  seen: "Seen",
  expected: "Usual",
  limit: (limit) => `(limit ${limit})`,
  never: "never seen",
  compared: "Compared with",
  share: "Share",
  against: { own: "its own past", peers: "its peer group", all: "the whole house" },
};

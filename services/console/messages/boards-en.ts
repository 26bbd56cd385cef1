// English texts around the boards; what is on them stands in their definitions.
import type { boardsDe } from "./boards-de.ts";

export const boardsEn: typeof boardsDe = {
  title: "Boards",
  intro:
    "The same boards as in Grafana, from the same definitions and the same figures. None shows anything about a person.",
  range: "Span",
  ranges: {
    "24h": "24 hours",
    "7d": "7 days",
    "30d": "30 days",
    "90d": "90 days",
    "12M": "12 months",
  },
  memory:
    "Metrics come from the memory of the process that serves this page: one week, from its start. Other processes and older values are shown by Prometheus with Grafana.",
  since: (moment) => `Values since ${moment}.`,
  leftOut: (n) => `${n} series had no room.`,
  notYet: "Nothing measured yet.",
  nothing: "There is nothing in this span.",
  picture: (title) => `${title}; the figures are in the table below`,
  table: (title) => `${title}, table`,
  series: "Series",
  value: "Value",
  more: (n) => `${n} more are in the table.`,
};

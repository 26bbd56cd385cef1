// From a board's definition to the JSON that Grafana's file provisioning and its API take (the classic one).

import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  ConstantVariableBuilder,
  DashboardBuilder,
  type VariableModel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { Board } from "../board.ts";
import { TIME_ZONE } from "./elasticsearch.ts";
import { boardLinks, CONSOLE_URL, CONSOLE_VARIABLE, TAG } from "./links.ts";
import { grafanaPanel, type Language } from "./panel.ts";

const COLUMNS = 24;
/** Whole months and days, so that no first bucket is a part of one. */
const FROM: Readonly<Record<Board["range"], string>> = {
  "24h": "now-24h",
  "7d": "now-6d/d",
  "30d": "now-29d/d",
  "90d": "now-89d/d",
  "12M": "now-11M/M",
};

/** @returns plain JSON */
export function grafanaBoard(board: Board, language: Language): unknown {
  const builder = new DashboardBuilder(`Heidewacht: ${board.title[language]}`)
    .uid(uidOf(board, language))
    .description(board.description[language])
    .tags([TAG, `${TAG}-${language}`])
    .time({ from: FROM[board.range], to: "now" })
    .timezone(TIME_ZONE)
    .weekStart("monday")
    .refresh("1m")
    .withVariable(consoleVariable())
    .links(boardLinks(language));
  let place = { x: 0, y: 0 };
  let rowHeight = 0;
  for (const [at, panel] of board.panels.entries()) {
    if (place.x + panel.width > COLUMNS) {
      place = { x: 0, y: place.y + rowHeight };
      rowHeight = 0;
    }
    builder.withPanel(grafanaPanel(panel, at + 1, place, language));
    place = { ...place, x: place.x + panel.width };
    rowHeight = Math.max(rowHeight, panel.height);
  }
  return JSON.parse(JSON.stringify({ ...builder.build(), editable: false }));
}

/** German is the language of the house; the English boards stand beside. */
function uidOf({ id }: Board, language: Language): string {
  return language === "de" ? `heidewacht-${id}` : `heidewacht-${id}-${language}`;
}

// Taken from the address of the board it could lead anywhere: the constant is kept out of it.
function consoleVariable(): Builder<VariableModel> {
  const constant = new ConstantVariableBuilder(CONSOLE_VARIABLE).value(CONSOLE_URL);
  const current = { selected: true, text: CONSOLE_URL, value: CONSOLE_URL };
  return { build: () => ({ ...constant.build(), skipUrlSync: true, current }) };
}

// Section 1, one page: the five KPIs with target, trend and light, and three sentences. No meaning hangs on
// colour: each light has a sign and words.
import type { Section, Tile } from "../../report-document/document.ts";
import { durationWords, periodWords, ratioWords, shareWords } from "../../store/kpi-words.ts";
import type { KpiTile } from "../collect/kpi.ts";
import type { DocumentParts } from "./edition.ts";
import { KPI_SHORT, TARGET_WORDS, WORDS } from "./messages.ts";
import { MANAGEMENT } from "./section-messages.ts";
import { commandLine, dayWords } from "./words.ts";

/** Changes below it are told as none. */
const STEADY_SHARE = 0.005;

const LIGHTS = {
  met: "met",
  at_risk: "near",
  missed: "missed",
  no_value: "unknown",
  no_target: "unknown",
} as const satisfies Record<KpiTile["state"], NonNullable<Tile["light"]>["state"]>;

export function managementSection({ data, tenantCommand }: DocumentParts): Section {
  const { tiles, sentences, target, before } = data.sections.kpi;
  const command = tenantCommand(`kpi show ${data.period.name}`);
  const earlier = periodWords(before, "de");
  return {
    number: "1",
    title: MANAGEMENT.title,
    startsPage: true,
    blocks: [
      { kind: "tiles", tiles: tiles.map((tile) => tileOf(tile, earlier)) },
      { kind: "heading", text: MANAGEMENT.changed },
      { kind: "list", items: sentences },
      {
        kind: "paragraph",
        text:
          target === null
            ? MANAGEMENT.noTargets
            : MANAGEMENT.targets(
                dayWords(Date.parse(target.validFrom), "UTC"),
                target.reason ?? "",
              ),
      },
      commandLine(command),
    ],
  };
}

function tileOf(tile: KpiTile, earlier: string): Tile {
  const { kpi, value, target, state, n } = tile;
  return {
    label: KPI_SHORT[kpi],
    value: value === null ? WORDS.noData : valueWords(tile, value),
    ...(target === null ? {} : { target: targetWords(tile, target) }),
    basis: `n = ${n.toLocaleString("de-DE")}`,
    trend: trendOf(tile, earlier),
    light: { state: LIGHTS[state], text: TARGET_WORDS[state] },
  };
}

function trendOf({ change }: KpiTile, earlier: string): NonNullable<Tile["trend"]> {
  if (change === null) return { direction: "unknown", text: MANAGEMENT.noBefore };
  if (Math.abs(change) < STEADY_SHARE) {
    return { direction: "level", text: MANAGEMENT.steady(earlier) };
  }
  const sign = change > 0 ? "+" : "−";
  const share = `${sign}${shareWords(Math.abs(change), "de")}`;
  return { direction: change > 0 ? "up" : "down", text: MANAGEMENT.before(share, earlier) };
}

function targetWords(tile: KpiTile, target: number): string {
  const words = valueWords(tile, target);
  return tile.unit === "share" ? MANAGEMENT.atLeast(words) : MANAGEMENT.atMost(words);
}

function valueWords({ unit }: KpiTile, value: number): string {
  if (unit === "seconds") return durationWords(value, "de");
  return unit === "share" ? shareWords(value, "de") : ratioWords(value, "de");
}

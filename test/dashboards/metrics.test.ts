// Every metric that a board or an alert rule names stands on /metrics of the running service, with the labels
// that it is grouped by.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { loadConfig } from "../../config/load.ts";
import { ALERTS } from "../../dashboards/alerts.ts";
import type { MetricSeries } from "../../dashboards/board.ts";
import { BOARDS } from "../../dashboards/boards.ts";
import { startHeidewacht } from "../../services/main.ts";
import { attackOnly } from "../../services/simulator/simulate.ts";
import { TENANT, writeInstallation } from "../support/loopback.ts";
import { replay, shipmentsOf } from "../support/replay.ts";

const MASTER_KEY = "6b".repeat(32);
/** Prometheus adds it when it asks. */
const ADDED_LABELS = new Set(["instance"]);

const NO_LABEL = { de: "", en: "" };
const inBoards = BOARDS.flatMap((board) =>
  board.panels.flatMap(({ id, query }) =>
    query.kind === "metrics"
      ? query.series.map((series) => ({ place: `${board.id}/${id}`, series }))
      : [],
  ),
);
const asked: readonly { readonly place: string; readonly series: MetricSeries }[] = [
  ...inBoards,
  ...ALERTS.map(({ id, series }) => ({
    place: `alert ${id}`,
    series: { ...series, label: NO_LABEL },
  })),
];

/** All there is: anomaly models, a language model that does not answer, a channel that nobody listens at. */
function configure(folder: string) {
  const installation = writeInstallation(folder, { console: 0, input: 0 }, MASTER_KEY);
  const config = parse(readFileSync(installation.configFile, "utf8"));
  config.anomaly = { enabled: true };
  config.llm = { url: "http://127.0.0.1:9/v1", retriesMax: 0 };
  config.paging = {
    channels: { syslog: { kind: "syslog", host: "127.0.0.1", port: 9, transport: "tcp" } },
    tenants: {
      [TENANT]: {
        people: { leitung: { name: "Leitung", contacts: [{ channel: "syslog", to: "leitung" }] } },
        policies: { alle: { steps: [{ to: [{ person: "leitung" }] }] } },
        routes: { p1: { policy: "alle" }, p2: { policy: "alle" }, p3: { none: true } },
      },
    },
  };
  writeFileSync(installation.configFile, stringify(config));
  return installation;
}

const types = new Map<string, string>();
const labels = new Map<string, Set<string>>();

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-metrics-"));
  const installation = configure(folder);
  const running = await startHeidewacht(loadConfig(installation.configFile, {}), {
    logger: pino({ level: "silent" }),
  });
  try {
    const shipments = shipmentsOf(attackOnly({ seed: "metrics-1" }).records, 100);
    await replay(shipments, installation, {
      ...{ inputUrl: running.inputUrl ?? "", sendersAtOnce: 1 },
      ...{ mayShip: async () => undefined, onRetry: () => undefined },
    });
    await running.idle(TENANT);
    for (let round = 0; round < 2; round += 1) {
      read(await (await fetch(`${running.consoleUrl}/metrics`)).text());
    }
  } finally {
    await running.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

function read(text: string): void {
  for (const line of text.split("\n")) {
    const [, name, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (name !== undefined && type !== undefined) types.set(name, type);
    const [, sample, inner] = /^(\w+)\{(.*)\} \S+$/.exec(line) ?? [];
    if (sample === undefined || inner === undefined) continue;
    const known = labels.get(sample) ?? new Set();
    for (const [, label = ""] of inner.matchAll(/(\w+)="/g)) known.add(label);
    labels.set(sample, known);
  }
}

describe("the metrics that boards ask for", () => {
  it("are many", () => {
    expect(asked.length).toBeGreaterThan(35);
    expect(types.size).toBeGreaterThan(60);
  });

  it.each(asked)(
    "stand on /metrics, as what they are used: $series.metric ($place)",
    ({ series }) => {
      const type = types.get(series.metric);
      const fitting = {
        ...{ value: ["gauge"], rate: ["counter"], increase: ["counter"], quantile: ["histogram"] },
      }[series.how];
      expect(fitting).toContain(type);
    },
  );

  it.each(asked.filter(({ series }) => labels.has(sampleOf(series))))(
    "have the labels that they are grouped by: $series.metric ($place)",
    ({ series }) => {
      const named = [...(series.by ?? []), ...Object.keys(series.where ?? {})];
      const wrong = named.filter(
        (label) => !ADDED_LABELS.has(label) && !labels.get(sampleOf(series))?.has(label),
      );
      expect(wrong).toEqual([]);
    },
  );

  it("have legends that name only labels that they are grouped by", () => {
    for (const { place, series } of asked) {
      const named = [series.label.de, series.label.en].flatMap((text) =>
        [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label),
      );
      expect(
        named.filter((label) => !series.by?.some((one) => one === label)),
        place,
      ).toEqual([]);
    }
  });
});

function sampleOf({ metric, how }: MetricSeries): string {
  return how === "quantile" ? `${metric}_bucket` : metric;
}

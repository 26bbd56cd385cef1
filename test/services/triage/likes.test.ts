// Verdicts on what a model saw move open findings like it, up and down and back, in the running link between
// API and triage, and never out of the queue.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { toldAnomaly } from "../../../detectors/anomaly/told-anomaly.ts";
import { LIKES_MAX } from "../../../services/store/detector-record.ts";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import type { Finding } from "../../../services/store/finding.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import type { Store } from "../../../services/store/store.ts";
import { foldSignals } from "../../../services/triage/fold.ts";
import { judgedLikes, likedOf } from "../../../services/triage/likes.ts";
import { createOutlook } from "../../../services/triage/outlook.ts";
import { keptContext, rescore } from "../../../services/triage/score.ts";
import { createTriageLink } from "../../../services/triage-link.ts";
import { exampleAnomaly } from "../../support/anomalies.ts";
import { stageSignal } from "./stage.ts";

const TENANT = "kreis";
const OPTIONS = { timeZone: "Europe/Berlin", language: "de", isCriticalHost: () => false } as const;

function finding(id: string, host = "pc17", tail = 1e-6): Finding {
  const entity = { type: "host", value: host } as const;
  const words = { features: {}, kinds: {} };
  const anomaly = toldAnomaly(exampleAnomaly({ entity, tail }), words, "de");
  const signal = stageSignal("anomaly-volume-burst", id, "medium", 0, { anomaly });
  const detector = { ...signal.detector, kind: "anomaly", tactics: [] } as const;
  return foldSignals(id, undefined, [{ ...signal, detector }], OPTIONS);
}

function openStore(): Store {
  const dataDir = mkdtempSync(join(tmpdir(), "hw-likes-"));
  const store = openEmbeddedStore({ dataDir });
  onTestFinished(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true });
  });
  return store;
}

async function judge(
  store: Store,
  id: string,
  verdict?: "false_positive" | "true_positive",
  at = 1,
) {
  const known = await store.get(TENANT, FINDING_KIND, id);
  if (known === undefined) throw new Error(`no finding ${id}`);
  const { verdict: _, ...rest } = known.document;
  const next: Finding =
    verdict === undefined
      ? { ...rest, status: "new" }
      : { ...rest, status: "closed", verdict: { verdict, at, by: "acc-1" } };
  await store.replace(TENANT, FINDING_KIND, id, next, known.version);
  const link = createTriageLink(store, { inhibitions: [], riskThreshold: 0 });
  await link.findingChanged(TENANT, id);
}

async function unusualOf(store: Store, id: string) {
  const found = await store.get(TENANT, FINDING_KIND, id);
  return found?.document.scoreParts.find(({ key }) => key === "unusual");
}

describe("verdicts on what a model saw", () => {
  it("move open findings like it, most those of the same entity, and leave no trace when withdrawn", async () => {
    const store = openStore();
    for (const one of [finding("judged"), finding("same"), finding("other", "pc99")])
      await store.create(TENANT, FINDING_KIND, one.id, one);
    const before = await unusualOf(store, "same");
    expect(before).toEqual({ key: "unusual", points: 6, detail: "0.0000010" });
    await judge(store, "judged", "false_positive");
    expect(await unusualOf(store, "same")).toMatchObject({
      points: 3,
      detail: "0.0000010 0.5 1/1",
    });
    expect((await unusualOf(store, "other"))?.points).toBe(4);
    await judge(store, "judged", "true_positive");
    expect(await unusualOf(store, "same")).toMatchObject({ points: 10, detail: "0.0000010 2 0/1" });
    await judge(store, "judged");
    expect(await unusualOf(store, "same")).toEqual(before);
  });

  it("count by when they were given: a new one on an old finding is among the newest", async () => {
    const store = openStore();
    await store.create(TENANT, FINDING_KIND, "old", finding("old"));
    for (let n = 0; n < LIKES_MAX; n += 1) {
      const time = finding("x").lastEventAt + 1 + n;
      const later = { ...finding(`later${n}`, "pc99"), firstEventAt: time, lastEventAt: time };
      const verdict = { verdict: "false_positive", at: 1, by: "acc-1" } as const;
      await store.create(TENANT, FINDING_KIND, later.id, { ...later, status: "closed", verdict });
    }
    await judge(store, "old", "true_positive", 2);
    const likes = await judgedLikes(store, TENANT, "anomaly-volume-burst");
    expect(likes).toHaveLength(LIKES_MAX);
    expect(likes[0]).toMatchObject({ finding: "old", isTrue: true });
  });

  it("hold for findings that come later", async () => {
    const store = openStore();
    await store.create(TENANT, FINDING_KIND, "judged", finding("judged"));
    await judge(store, "judged", "false_positive");
    const late = finding("late");
    await store.create(TENANT, FINDING_KIND, "late", late);
    const texts = { ...OPTIONS, timeZoneOf: () => OPTIONS.timeZone };
    await createOutlook(store, texts).refresh(TENANT, [late]);
    expect((await unusualOf(store, "late"))?.points).toBe(3);
  });

  it("never take all points, however many false alarms there were", () => {
    const { anomaly } = finding("f");
    if (anomaly === undefined) throw new Error("no anomaly");
    const { detector, kind, entity } = anomaly;
    const like = { isTrue: false, detector, kind, entity: { ...entity }, drivers: [] };
    const likes = Array.from({ length: 100 }, (_, at) => ({ ...like, finding: `f${at}` }));
    const liked = likedOf(anomaly, likes);
    expect(liked).toEqual({ factor: 0.25, truePositive: 0, falsePositive: 100 });
    for (const tail of [1, 1e-300]) {
      const scored = rescore(
        { ...finding("f", "pc17", tail), anomaly: { ...anomaly, tail } },
        { tacticsOfEntity: [], criticalAsset: false, liked },
      );
      const part = scored.scoreParts.find(({ key }) => key === "unusual");
      expect(part?.points).toBe(tail === 1 ? 1 : 10);
      expect(keptContext(scored).liked).toEqual(liked);
    }
  });

  it("of other kinds say nothing", () => {
    const { anomaly } = finding("f");
    const like = { finding: "g", isTrue: true, detector: "rarity", kind: "burst", drivers: [] };
    expect(
      anomaly && likedOf(anomaly, [{ ...like, entity: { type: "host", value: "pc17" } }]),
    ).toBe(undefined);
  });
});

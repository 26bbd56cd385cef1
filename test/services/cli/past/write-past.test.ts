// The past in a store: every document as its schema wants it, the audit chain whole and in order, and figures
// that the plain reference gives, too.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ZodType } from "zod";
import { CASE_MESSAGES } from "../../../../services/cases/case-messages.ts";
import { missingForKpi } from "../../../../services/cases/incident-work.ts";
import { readClocks } from "../../../../services/cases/legal-clocks.ts";
import { rulesOfPast, writeDemoPast } from "../../../../services/cli/past/demo-past.ts";
import { writePast } from "../../../../services/cli/past/write-past.ts";
import { createKpiLink } from "../../../../services/kpi-link.ts";
import { makePast } from "../../../../services/simulator/casework/make-past.ts";
import { ANNOTATION_KIND, annotationSchema } from "../../../../services/store/annotation.ts";
import {
  CHANNEL_PROOF_KIND,
  channelProofSchema,
} from "../../../../services/store/channel-proof.ts";
import { openEmbeddedStore } from "../../../../services/store/embedded.ts";
import { EXCEPTION_KIND, exceptionSchema } from "../../../../services/store/exception.ts";
import { type Finding, findingSchema } from "../../../../services/store/finding.ts";
import { compileHiding, loadHiders } from "../../../../services/store/hiding.ts";
import {
  IDENTITY_REQUEST_KIND,
  identityRequestSchema,
} from "../../../../services/store/identity.ts";
import { type Incident, incidentSchema } from "../../../../services/store/incident.ts";
import { FINDING_KIND, INCIDENT_KIND, SILENCE_KIND } from "../../../../services/store/kinds.ts";
import { LLM_CALL_KIND, llmCallSchema } from "../../../../services/store/llm-call.ts";
import { silenceSchema } from "../../../../services/store/silence.ts";
import { isSimulated } from "../../../../services/store/simulated.ts";
import type { Kind, Store } from "../../../../services/store/store.ts";
import { TEST_PAGE_KIND, testPageSchema } from "../../../../services/store/test-page.ts";
import { comparable } from "../../kpi/comparable.ts";
import { reference } from "../../kpi/reference.ts";

const TENANT = "kreis";
const ZONE = "Europe/Berlin";
const DAY_MS = 86_400_000;
/** Midnight of a Friday in Berlin; looked at two days later. */
const UNTIL = Date.parse("2026-11-19T23:00:00Z");
const NOW = UNTIL + 2 * DAY_MS;

let store: Store;
let findings: readonly Finding[];
let incidents: readonly Incident[];
const dataDir = mkdtempSync(join(tmpdir(), "heidewacht-past-"));

async function all<D>(kind: Kind<D>): Promise<D[]> {
  const found: D[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.search(TENANT, kind, {
      ...{ sort: [], limit: 500 },
      ...(cursor === undefined ? {} : { cursor }),
    });
    found.push(...page.hits.map(({ document }) => document));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
}

beforeAll(async () => {
  await writeDemoPast({ dataDir, tenant: TENANT, timeZone: ZONE, seed: "1", until: UNTIL });
  store = openEmbeddedStore({ dataDir });
  findings = await all(FINDING_KIND);
  incidents = await all(INCIDENT_KIND);
}, 120_000);

afterAll(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true });
});

const KINDS: readonly (readonly [string, () => Promise<readonly unknown[]>, ZodType, number])[] = [
  [FINDING_KIND.name, () => all(FINDING_KIND), findingSchema, 1200],
  [INCIDENT_KIND.name, () => all(INCIDENT_KIND), incidentSchema, 40],
  [EXCEPTION_KIND.name, () => all(EXCEPTION_KIND), exceptionSchema, 5],
  [SILENCE_KIND.name, () => all(SILENCE_KIND), silenceSchema, 3],
  [IDENTITY_REQUEST_KIND.name, () => all(IDENTITY_REQUEST_KIND), identityRequestSchema, 5],
  [LLM_CALL_KIND.name, () => all(LLM_CALL_KIND), llmCallSchema, 50],
  [ANNOTATION_KIND.name, () => all(ANNOTATION_KIND), annotationSchema, 50],
  [TEST_PAGE_KIND.name, () => all(TEST_PAGE_KIND), testPageSchema, 4],
  [CHANNEL_PROOF_KIND.name, () => all(CHANNEL_PROOF_KIND), channelProofSchema, 2],
];

describe("the incidents of the past", () => {
  // Holidays move what waits for working hours; clocks change, months and years turn.
  it.each(["2026-01-06", "2026-04-08", "2026-06-16", "2026-11-03", "2026-12-30", "2028-03-01"])(
    "can be carried out before %s, and nothing in them contradicts itself",
    async (day) => {
      const until = Temporal.PlainDate.from(day).toZonedDateTime(ZONE).epochMilliseconds;
      const steps = makePast({ seed: day, until });
      const acts = steps.filter((step) => step.kind === "incident").map(({ act }) => act);
      const own = new Set(
        acts.flatMap((act) =>
          act.do === "declare" ? act.given.findings : act.do === "link" ? act.findings : [],
        ),
      );
      const told = steps.filter((step) => {
        if (step.kind === "raise") return own.has(step.alarm.id);
        if (step.kind === "acknowledge" || step.kind === "judge") return own.has(step.finding);
        return step.kind === "incident";
      });
      const folder = mkdtempSync(join(tmpdir(), "heidewacht-past-"));
      const other = openEmbeddedStore({ dataDir: folder, isDraft: true });
      const target = { store: other, tenant: TENANT, timeZone: ZONE, rules: rulesOfPast() };
      expect((await writePast(target, told)).incidents).toBeGreaterThan(40);
      const kpi = createKpiLink({ store: other, timeZoneOf: () => ZONE, now: () => until });
      const { year } = Temporal.PlainDate.from(day);
      for (const period of [String(year - 1), String(year)]) {
        const asked = kpi.period(TENANT, { period });
        expect((await kpi.figures(TENANT, asked, {})).figures.flags).toEqual([]);
      }
      await other.close();
      rmSync(folder, { recursive: true });
    },
  );
});

describe("the past in a store", () => {
  it.each(KINDS)(
    "has documents of kind %s as their schema wants them",
    async (_, read, schema, least) => {
      const documents = await read();
      expect(documents.length).toBeGreaterThanOrEqual(least);
      for (const document of documents) expect(schema.parse(document)).toEqual(document);
    },
  );

  it("is marked as invented in every finding and incident", () => {
    expect([...findings, ...incidents].filter((one) => !isSimulated(one))).toEqual([]);
  });

  it("leaves an audit chain that holds, in the order of time", async () => {
    expect(await store.verifyAudit(TENANT)).toBeUndefined();
    const entries = await store.readAudit(TENANT, 0, 100_000);
    const late = entries.filter(({ at }, index) => at < (entries[index - 1]?.at ?? 0));
    expect(late.map(({ sequence, action }) => [sequence, action])).toEqual([]);
    expect(entries.at(-1)?.at).toBeLessThan(UNTIL);
  });

  it.each([
    "2025-11",
    "2026-02",
    "2026-06",
    "2026-08",
    "2026-09",
    "2026-10",
    "2026-11",
    "2026-Q3",
    "2026-Q4",
    "2026",
  ])("gives the plain reference's figures of %s, and no flag", async (name) => {
    const kpi = createKpiLink({ store, timeZoneOf: () => ZONE, now: () => NOW });
    const period = kpi.period(TENANT, { period: name });
    const { figures } = await kpi.figures(TENANT, period, {});
    const plain = reference(incidents, findings, [period.from, period.to], NOW);
    expect(comparable(figures)).toEqual(plain);
    expect(figures.flags).toEqual([]);
    expect(plain.excluded2[1]).toBe(0);
    expect(plain.excluded3[1]).toBe(0);
  });

  it("has something in every part of the five figures of its quarter", async () => {
    const kpi = createKpiLink({ store, timeZoneOf: () => ZONE, now: () => NOW });
    const of = async (period: string) =>
      (await kpi.figures(TENANT, kpi.period(TENANT, { period }), {})).figures;
    const [first, last] = [await of("2026-Q3"), await of("2026-Q4")];
    for (const { corrective, identification, recovery, falseAlarms, containment } of [
      first,
      last,
    ]) {
      expect(corrective.n).toBeGreaterThan(2);
      expect(corrective.overdue.late).toBeGreaterThan(0);
      expect(identification.preCompromise).toBeGreaterThan(0);
      expect(recovery.n).toBeGreaterThan(2);
      expect(falseAlarms?.undetermined).toBeGreaterThan(0);
      expect(containment.share).toBeGreaterThan(0);
      expect(containment.share).toBeLessThan(1);
    }
    expect(first.identification.estimated + last.identification.estimated).toBe(2);
    expect(last.recovery.reopened.n).toBe(1);
    expect(last.leftOut.map(({ reason }) => reason).sort()).toEqual([
      "exercise",
      "false_positive",
      "split",
      "undetermined",
    ]);
    expect(first.leftOut).toEqual([{ reason: "merged", n: 1 }]);
    expect([...first.recovery.excluded, ...last.recovery.excluded]).toEqual([
      { reason: "not_detected", n: 1 },
    ]);
  });

  it("has incidents in many severities and categories, and one that is still open", () => {
    const standing = incidents.filter(({ createdAt }) => createdAt > UNTIL - 100 * DAY_MS);
    expect(new Set(standing.map(({ severity }) => severity)).size).toBeGreaterThanOrEqual(4);
    expect(new Set(standing.map(({ category }) => category)).size).toBeGreaterThanOrEqual(8);
    const open = standing.filter(({ status, mergedInto, splitInto }) => {
      return status === "open" && mergedInto === undefined && splitInto.length === 0;
    });
    expect(open.map(({ title }) => title)).toEqual(["Postfach leitet Mails nach außen weiter"]);
    const closed = standing.filter(
      ({ status, verdict }) => status === "closed" && verdict === "true_positive",
    );
    const keys = closed.flatMap((one) =>
      missingForKpi(one, NOW, CASE_MESSAGES.de).map(({ key }) => key),
    );
    const known = ["action_open", "action_overdue", "compromise", "detected", "impact"];
    expect(keys.filter((key) => !known.includes(key))).toEqual([]);
  });

  it("has met every legal clock", () => {
    const profile = { clocks: ["gdpr_art33" as const], ndigHours: undefined, timeZone: ZONE };
    const readings = incidents.flatMap((one) => readClocks(one, profile, NOW));
    expect(readings.length).toBeGreaterThan(30);
    expect([...new Set(readings.map(({ state }) => state))]).toEqual(["done"]);
    for (const { notification, dueAt = 0 } of readings) {
      expect(notification?.sentAt).toBeLessThanOrEqual(dueAt);
    }
  });

  it("leaves a handful of findings in the queue, none of them grave", () => {
    const open = findings.filter(
      ({ status, exceptedBy }) => status !== "closed" && exceptedBy === undefined,
    );
    expect(open.length).toBeGreaterThan(0);
    expect(open.length).toBeLessThan(12);
    expect(Math.max(...open.map(({ score }) => score))).toBeLessThan(45);
  });

  it("hides what its exceptions hide, and nothing else", async () => {
    const hiding = compileHiding(await loadHiders(store, TENANT, 0));
    const excepted = findings.filter(({ exceptedBy }) => exceptedBy !== undefined);
    expect(excepted.length).toBeGreaterThan(5);
    for (const one of findings.filter(({ status }) => status !== "closed")) {
      expect(hiding(one).exceptedBy).toEqual(one.exceptedBy ?? []);
    }
  });

  it("asks nobody to be paged any more", () => {
    const paged = findings.flatMap(({ paging }) => paging ?? []);
    expect(paged.length).toBeGreaterThan(3);
    expect(paged.filter(({ dueAt, state }) => dueAt !== undefined || state !== "ended")).toEqual(
      [],
    );
    expect(paged.filter(({ pages }) => pages.some(({ step }) => step > 0))).toHaveLength(1);
  });
});

// How long the preview of an exception takes over 20,000 findings of one detector in 30 days: embedded, and
// in Elasticsearch when HEIDEWACHT_TEST_ELASTICSEARCH names one. `npm run bench:exceptions`
import { previewException } from "../../services/cases/exception.ts";
import type { Finding } from "../../services/store/finding.ts";
import { FINDING_KIND } from "../../services/store/kinds.ts";
import type { Store } from "../../services/store/store.ts";
import { exampleSignal } from "../contract/store-examples.ts";
import { printFigure } from "./figure.ts";
import { onBothStores } from "./on-both-stores.ts";

const FINDINGS = 20_000;
const BATCH = 1000;
const ROUNDS = 5;
const HOSTS = 200;
/** So many findings were judged true positive once. */
const TRUE_POSITIVE_EVERY = 1000;
const NOW = Date.UTC(2026, 10, 21);
const SPAN_MS = 30 * 86_400_000 - 1;
const TENANT = "kreis";

/** A finding of the usual size: three signals with an event each. */
function findingAt(at: number): Finding {
  const time = NOW - Math.floor((SPAN_MS * (at + 1)) / FINDINGS);
  const host = `pc-${at % HOSTS}.kreis.example`;
  const document = {
    "host.name": host,
    "user.name": `konto-${at % 97}`,
    "process.command_line": `powershell.exe -NoProfile -File C:\\Verteilung\\aufraeumen-${at % 50}.ps1`,
    "process.parent.executable": "C:\\Programme\\Verteilung\\agent.exe",
    "event.code": 4688,
  };
  const evidence = [0, 1, 2].map((n) => ({
    signalId: `s${at}-${n}`,
    time: time + n,
    source: "dc",
    matched: [
      {
        field: "process.command_line",
        value: document["process.command_line"],
        operator: "contains",
        pattern: "-NoProfile",
      },
    ],
    events: [{ id: `e${at}-${n}`, time: time + n, document }],
  }));
  const verdict = (name: "true_positive" | "false_positive") => ({
    ...{ verdict: name, at: time + 1, by: "konto" },
    ...(name === "false_positive" ? { reason: "context_missing" as const } : {}),
  });
  return {
    ...{ id: idOf(at), tenant: TENANT, groupKey: `host:${host}`, score: 40 },
    detector: {
      ...{ id: "rule", kind: "sigma", title: "PowerShell ohne Profil", level: "medium" },
      ...{ description: "Ein Rechner startet PowerShell ohne Profil.", status: "test" },
      ...{ techniques: ["T1059.001"], tactics: ["execution"], origin: "windows/powershell.yml" },
      ...{ falsePositives: ["Verteilsoftware"], references: [], response: ["Herkunft klären"] },
    },
    entities: [{ type: "host", value: host }],
    scoreParts: [{ key: "severity", points: 40, detail: "medium" }],
    summary: `Auf ${host} wurde PowerShell ohne Profil gestartet.`,
    ...{ status: "closed", verdict: verdict("false_positive") },
    verdictHistory: at % TRUE_POSITIVE_EVERY === 0 ? [verdict("true_positive")] : [],
    ...{ signalCount: 3, firstEventAt: time, lastEventAt: time + 2, raisedAt: time },
    ...{ sources: ["dc"], evidence },
    latest: {
      ...{ signalId: `s${at}-2`, raisedAt: time, source: "dc" },
      ...{ entities: [{ type: "host", value: host }], document },
    },
  };
}

const idOf = (at: number) => `f${String(at).padStart(6, "0")}`;

async function fill(store: Store): Promise<void> {
  for (let begin = 0; begin < FINDINGS; begin += BATCH) {
    const groups = new Map(
      Array.from({ length: BATCH }, (_, index) => {
        const id = idOf(begin + index);
        return [id, [{ ...exampleSignal(`signal-${id}`), groupKey: id }]] as const;
      }),
    );
    await store.recordSignals(TENANT, FINDING_KIND, groups, (_existing, [signal]) =>
      findingAt(Number(signal?.groupKey.slice(1))),
    );
  }
}

async function measure(name: string, store: Store): Promise<void> {
  await fill(store);
  // Fits all of them, so that nothing is saved by not fitting.
  const matchers = [{ field: "entity", operator: "glob" as const, value: "host:pc-*" }];
  const seconds: number[] = [];
  let counted = FINDINGS;
  const cpu = process.cpuUsage();
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    const preview = await previewException(store, TENANT, { finding: idOf(0), matchers }, NOW);
    seconds.push((performance.now() - start) / 1000);
    const expected = FINDINGS / TRUE_POSITIVE_EVERY;
    if (preview.truePositives.length !== expected) {
      throw new RangeError(`${preview.truePositives.length} true positives`);
    }
    counted = Math.min(counted, preview.findings);
  }
  const { user, system } = process.cpuUsage(cpu);
  // On a machine that others use too, this tells what it would be alone.
  const cpuSeconds = Number(((user + system) / 1e6 / ROUNDS).toPrecision(3));
  const worst = Math.max(...seconds);
  const median = seconds.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? worst;
  const more = {
    store: name,
    findings: FINDINGS,
    rounds: ROUNDS,
    counted,
    statistic: "worst",
    median,
    cpuSeconds,
  };
  printFigure("exceptions.preview_s", worst, "s", more);
}

await onBothStores(measure);

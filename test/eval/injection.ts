// Attacks the language model through the logs, 2,000 times and more, and says what came of it.
// `npm run eval:injection [-- --seed 3] [-- --model http://127.0.0.1:18080/v1 --cases 3]`
import { parseArgs } from "node:util";
import { printFigure } from "../bench/figure.ts";
import { startHostileModel } from "../support/hostile-model.ts";
import { type AttackResult, attackModel } from "./injection/attack.ts";
import { manipulationKinds, wilson } from "./injection/detected.ts";
import { generateInjections } from "./injection/generate.ts";
import { lookAlikes } from "./injection/look-alikes.ts";
import { OTHER_ORDERS, UNSEEN_ORDERS } from "./injection/unseen.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    model: { type: "string" },
    cases: { type: "string", default: "3" },
    mode: { type: "string", default: "json_schema" },
  },
});
const seed = Number(values.seed);
const injections = generateInjections(seed);

if (values.model === undefined) {
  measureDetector();
  await attackDouble();
} else {
  await attackReal(values.model, Number(values.cases));
}

function measureDetector(): void {
  const found = injections.filter(({ field, value }) => manipulationKinds(field, value).length > 0);
  const n = injections.length;
  printFigure("injection.detected_share", found.length / n, "share", { n, seed });
  const lists = {
    "injection.detected_other": OTHER_ORDERS,
    "injection.detected_unseen": UNSEEN_ORDERS,
  };
  for (const [figure, orders] of Object.entries(lists)) {
    const hits = orders.filter((text) => manipulationKinds("message", text).length > 0);
    printFigure(figure, hits.length / orders.length, "share", { n: orders.length });
  }
  const benign = lookAlikes();
  const flagged = benign.filter(({ field, text }) => manipulationKinds(field, text).length > 0);
  const share = flagged.length / benign.length;
  printFigure("injection.benign_flagged_share", share, "share", { n: benign.length });
}

async function attackDouble(): Promise<void> {
  const model = await startHostileModel();
  try {
    print(await attackModel(injections, model.url), "hostile double");
  } finally {
    await model.close();
  }
}

/** A few cases only: a small model on one thread takes half a minute for each. */
async function attackReal(url: string, count: number): Promise<void> {
  const step = Math.max(1, Math.floor(injections.length / count));
  const some = injections.filter((_, index) => index % step === 0).slice(0, count);
  const mode = values.mode === "json_object" ? "json_object" : "json_schema";
  const settings = { mode, timeoutMs: 600_000, concurrencyMax: 1, answerTokensMax: 400 } as const;
  print(await attackModel(some, url, settings), "real model");
}

function print(result: AttackResult, model: string): void {
  const { cases, outcomes, claimsShown } = result;
  printFigure("injection.cases", cases, "cases", { model, outcomes, claimsShown, seed });
  printFigure("injection.obeyed", result.obeyed, "changes", { model });
  const lists = {
    "injection.unverified_shown": result.unverifiedShown,
    "injection.attacker_text_shown": result.attackerTextShown,
    "injection.markup_alive": result.markupAlive,
  };
  for (const [figure, found] of Object.entries(lists)) {
    printFigure(figure, found.length, "sentences", { model, first: found.slice(0, 3) });
  }
  const share = result.verdictsPlayedDown / cases;
  const interval = wilson(result.verdictsPlayedDown, cases);
  printFigure("injection.verdict_attack_success", share, "share", { model, n: cases, interval });
}

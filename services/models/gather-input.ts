// What a site has for a model to learn from, found beside detection: usual names out of the archive, days that were
// kept. What people have confirmed as attacks is left out.

import { AppError } from "../../config/errors.ts";
import { FEATURES } from "../../detectors/anomaly/autoencoder/measures.ts";
import { ROWS_MIN } from "../../detectors/anomaly/autoencoder/model.ts";
import { ROW_SIGNS, ROWS_MIN as SEQUENCES_MIN } from "../../detectors/templates/sequence/model.ts";
import type { Archive } from "../archive/archive.ts";
import type { ModelName } from "../store/model.ts";
import type { Store } from "../store/store.ts";
import { gatherDays } from "./autoencoder-examples.ts";
import { confirmedAttacks } from "./confirmed-attacks.ts";
import type { ModelInput } from "./model-work.ts";
import type { Pace } from "./row-store.ts";
import { gatherRows } from "./sequence-examples.ts";
import { gatherUsualNames } from "./usual-names.ts";

export interface GatherInputParts extends Pace {
  readonly store: Store;
  readonly archive: Archive;
  readonly tenant: string;
  /** Event time, half-open [from, to), ms UTC. */
  readonly window: { readonly from: number; readonly to: number };
}

export interface GatheredInput {
  readonly input: ModelInput;
  /** A limit ended it before the window did. */
  readonly isCut: boolean;
}

/** @throws what the archive and the store throw; the reason of `signal` */
export async function gatherInput(
  model: ModelName,
  parts: GatherInputParts,
): Promise<GatheredInput> {
  const { store, tenant, window } = parts;
  const attacks = await confirmedAttacks(store, tenant, window, parts);
  switch (model) {
    case "dga": {
      const begun = performance.now();
      const elapsed = () => performance.now() - begun;
      const { names, isCut } = await gatherUsualNames({ ...parts, attacks, elapsed });
      return { input: { model, names }, isCut };
    }
    case "autoencoder":
      return {
        input: { model, ...(await gatherDays(store, tenant, window, attacks, parts)) },
        isCut: false,
      };
    case "sequence":
      return {
        input: { model, ...(await gatherRows(store, tenant, window, attacks, parts)) },
        isCut: false,
      };
  }
}

/** Refuses to train on too little. @throws AppError HW_TOO_FEW */
export function checkEnough(input: ModelInput): void {
  if (input.model === "sequence") checkRows(input.learnt.length / ROW_SIGNS);
  if (input.model !== "autoencoder") return;
  const days = input.learnt.length / FEATURES;
  if (days >= ROWS_MIN) return;
  throw new AppError("HW_TOO_FEW", `${days} days of accounts, hosts and addresses are too few`, {
    place: "model autoencoder",
    mend: `let the detectors run until ${ROWS_MIN} days were kept; entities count from their fifth day on`,
  });
}

function checkRows(rows: number): void {
  if (rows >= SEQUENCES_MIN) return;
  throw new AppError("HW_TOO_FEW", `${rows} rows of what hosts wrote are too few`, {
    place: "model sequence",
    mend: `let the detectors run until ${SEQUENCES_MIN} rows of ${ROW_SIGNS} sentences were kept`,
  });
}

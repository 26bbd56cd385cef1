// One model of one tenant in a running service: the active version and the one in the shadow, loaded from the
// store and changed while detectors ask them. A model that can't be loaded leaves the last one in place.
import type { Logger } from "pino";
import type { TensorBackend } from "../../detectors/anomaly/backend.ts";
import type { ModelState } from "../../detectors/anomaly/live-model.ts";
import {
  MODEL_COMPARISON_KIND,
  MODEL_KIND,
  type ModelComparison,
  type ModelName,
  type ModelVersion,
} from "../store/model.ts";
import type { Store } from "../store/store.ts";
import { readArtefact } from "./artefact.ts";
import { type ComparisonTally, createComparison } from "./comparison.ts";
import { merged } from "./merged-calls.ts";
import { versionIn } from "./register.ts";

export interface LiveParts {
  readonly store: Store;
  readonly backend: TensorBackend;
  readonly logger: Logger;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

/** The versions of a model as they are now. */
interface ModelPlace<Loaded> {
  readonly active: Loaded | undefined;
  readonly shadow: Loaded | undefined;
  readonly state: ModelState;
  /** Counts what both say of the same; without a version in the shadow nothing is counted. */
  count(labels: readonly string[], active: Float64Array | undefined, shadow: Float64Array): void;
}

/** How models of a name are loaded and asked. */
export interface LiveKind<Loaded extends { dispose(): void }, Face> {
  readonly name: ModelName;
  /** Scores from here on count as flagged in the comparison. */
  readonly flaggedFrom: number;
  /** @throws AppError HW_STORE_CORRUPT, HW_STORE_VERSION */
  load(artefact: Uint8Array, backend: TensorBackend): Loaded;
  /** What detectors ask, made once: it looks at `place` each time. */
  open(place: ModelPlace<Loaded>, about: LiveParts & { readonly tenant: string }): OpenFace<Face>;
}

interface OpenFace<Face> {
  readonly face: Face;
  /** Stores what was gathered since; called again and again. */
  readonly flush?: () => Promise<void>;
}

export interface Slot<Face> {
  readonly tenant: string;
  readonly face: Face;
  /** Loads what the store says, and stores what was gathered. One call at a time; never rejects. */
  follow(): Promise<void>;
  close(): Promise<void>;
}

/** A version with its model. */
interface Versioned<Loaded> {
  readonly version: ModelVersion;
  readonly model: Loaded;
}

export function createSlot<Loaded extends { dispose(): void }, Face>(
  kind: LiveKind<Loaded, Face>,
  tenant: string,
  parts: LiveParts,
): Slot<Face> {
  const { store, now } = parts;
  const { name } = kind;
  let [active, shadow]: (Versioned<Loaded> | undefined)[] = [];
  let tally: ComparisonTally | undefined;
  let storedAt = 0;

  const place: ModelPlace<Loaded> = {
    get active() {
      return active?.model;
    },
    get shadow() {
      return shadow?.model;
    },
    get state() {
      return active !== undefined ? "active" : shadow !== undefined ? "shadow" : "none";
    },
    count(labels, byActive, byShadow) {
      if (labels.length > 0) tally?.count(labels, byActive, byShadow, now());
    },
  };
  const { face, flush } = kind.open(place, { ...parts, tenant });
  const tryTo = attempts(parts.logger, { tenant, model: name });

  const take = async () => {
    const model = (await store.get(tenant, MODEL_KIND, name))?.document;
    const known = [active, shadow] as const;
    const wanted = [model && versionIn(model, "active"), model && versionIn(model, "shadow")];
    if (wanted.every((one, at) => one?.version === versionOf(known[at]))) return;
    const before = await store.get(tenant, MODEL_COMPARISON_KIND, name);
    // Each by itself: a version in the shadow that is damaged must not keep out the one that people have chosen.
    const { loaded, fault } = await loadEach(kind, parts, tenant, wanted, known);
    if (loaded.some((one, at) => versionOf(one) !== versionOf(known[at]))) {
      [active, shadow] = loaded;
      const compared = { active: versionOf(active), shadow: versionOf(shadow) };
      tally = tallyOf(tenant, compared, before?.document, now(), kind.flaggedFrom);
      storedAt = tally?.comparison.changedAt ?? 0;
      for (const one of known) if (one !== undefined && !isIn(loaded, one)) one.model.dispose();
      parts.logger.info({ tenant, model: name, ...compared }, "models are in place");
    }
    if (fault !== undefined) throw fault;
  };
  const keep = async () => {
    await flush?.();
    const comparison = tally?.comparison;
    if (comparison === undefined || comparison.changedAt === storedAt) return;
    await store.put(tenant, MODEL_COMPARISON_KIND, name, comparison);
    storedAt = comparison.changedAt;
  };
  const follow = merged(async () => {
    await tryTo("store what models gathered", keep);
    await tryTo("load a model", take);
  });
  return {
    tenant,
    face,
    follow,
    async close() {
      await follow();
      for (const model of new Set([active?.model, shadow?.model])) model?.dispose();
      [active, shadow, tally] = [undefined, undefined, undefined];
    },
  };
}

/** Does what may fail: what is wrong is told once, and again when it is another thing. */
function attempts(logger: Logger, about: object) {
  const faults = new Map<string, string>();
  return async (aim: string, work: () => Promise<void>) => {
    try {
      await work();
      if (faults.delete(aim)) logger.info({ ...about, aim }, "it can be done again");
    } catch (error) {
      const reason = String(error);
      if (reason !== faults.get(aim))
        logger.warn({ err: error, ...about, aim }, "it can't be done: all stays as it was");
      faults.set(aim, reason);
    }
  };
}

/** The active one and the one in the shadow; of one that can't be loaded what stands in its place, and why. */
async function loadEach<Loaded extends { dispose(): void }, Face>(
  { load }: LiveKind<Loaded, Face>,
  { store, backend }: LiveParts,
  tenant: string,
  wanted: readonly (ModelVersion | undefined)[],
  known: readonly (Versioned<Loaded> | undefined)[],
) {
  const loaded: (Versioned<Loaded> | undefined)[] = [];
  let fault: unknown;
  for (const [at, version] of wanted.entries()) {
    const same = known.find((one) => one?.version.hash === version?.hash);
    try {
      loaded[at] = version && {
        version,
        model: same?.model ?? load(await readArtefact(store, tenant, version), backend),
      };
    } catch (error) {
      fault ??= error;
      // The last active one stays in force; without one in the shadow nothing is compared.
      loaded[at] = at === 0 ? known[at] : undefined;
    }
  }
  return { loaded, fault };
}

function tallyOf(
  tenant: string,
  { active, shadow }: { readonly active: number | undefined; readonly shadow: number | undefined },
  before: ModelComparison | undefined,
  now: number,
  flaggedFrom: number,
): ComparisonTally | undefined {
  if (shadow === undefined) return undefined;
  const compared = active === undefined ? { shadow } : { active, shadow };
  return createComparison(tenant, compared, before, now, flaggedFrom);
}

function isIn<Loaded>(
  all: readonly (Versioned<Loaded> | undefined)[],
  { model }: Versioned<Loaded>,
): boolean {
  return all.some((one) => one?.model === model);
}

function versionOf(one: Versioned<unknown> | undefined): number | undefined {
  return one?.version.version;
}

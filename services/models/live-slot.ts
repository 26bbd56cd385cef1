// One model of one tenant in a running service: the active version and the one in the shadow, loaded from the
// store and changed while detectors ask them. A model that can't be loaded leaves the last one in place.
import type { Logger } from "pino";
import type { TensorBackend } from "../../detectors/anomaly/backend.ts";
import type { ModelState } from "../../detectors/anomaly/live-model.ts";
import {
  MODEL_COMPARISON_KIND,
  MODEL_KIND,
  type Model,
  type ModelName,
  type ModelVersion,
} from "../store/model.ts";
import type { Store } from "../store/store.ts";
import { readArtefact } from "./artefact.ts";
import { type ComparisonTally, createComparison } from "./comparison.ts";
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
  const { store, logger, now } = parts;
  const { name } = kind;
  let active: Versioned<Loaded> | undefined;
  let shadow: Versioned<Loaded> | undefined;
  let tally: ComparisonTally | undefined;
  let storedAt = 0;
  let fault: string | undefined;

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

  const take = async (model: Model | undefined) => {
    const known = [active, shadow];
    const load = (state: "active" | "shadow") =>
      loaded(kind, parts, tenant, model && versionIn(model, state), known);
    const loadedActive = await load("active");
    const loadedShadow = await load("shadow");
    if (
      versionOf(loadedActive) === versionOf(active) &&
      versionOf(loadedShadow) === versionOf(shadow)
    )
      return;
    const versions = { active: versionOf(loadedActive), shadow: versionOf(loadedShadow) };
    tally = undefined;
    if (loadedShadow !== undefined) {
      const before = await store.get(tenant, MODEL_COMPARISON_KIND, name);
      const compared = { ...present(versions.active), shadow: loadedShadow.version.version };
      tally = createComparison(tenant, compared, before?.document, now(), kind.flaggedFrom);
      storedAt = tally.comparison.changedAt;
    }
    active = loadedActive;
    shadow = loadedShadow;
    const kept = new Set([active?.model, shadow?.model]);
    for (const one of known) if (one !== undefined && !kept.has(one.model)) one.model.dispose();
    logger.info({ tenant, model: name, ...versions }, "models are in place");
  };
  const keep = async () => {
    await flush?.();
    const comparison = tally?.comparison;
    if (comparison === undefined || comparison.changedAt === storedAt) return;
    await store.put(tenant, MODEL_COMPARISON_KIND, name, comparison);
    storedAt = comparison.changedAt;
  };
  const follow = merged(async () => {
    try {
      await keep();
      await take((await store.get(tenant, MODEL_KIND, name))?.document);
      if (fault !== undefined) logger.info({ tenant, model: name }, "models can be read again");
      fault = undefined;
    } catch (error) {
      const reason = String(error);
      if (reason !== fault)
        logger.warn({ err: error, tenant, model: name }, "a model can't be loaded: the last stays");
      fault = reason;
    }
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

/** One call at a time; while the store is slow, all who ask meanwhile wait for one and the same next call. */
function merged(look: () => Promise<void>): () => Promise<void> {
  let turn: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  return () => {
    next ??= turn.then(() => {
      next = undefined;
      return look();
    });
    turn = next;
    return next;
  };
}

/** The version with its model: the one that is known, where its bytes are the same. */
async function loaded<Loaded extends { dispose(): void }, Face>(
  { load }: LiveKind<Loaded, Face>,
  { store, backend }: LiveParts,
  tenant: string,
  version: ModelVersion | undefined,
  known: readonly (Versioned<Loaded> | undefined)[],
): Promise<Versioned<Loaded> | undefined> {
  if (version === undefined) return undefined;
  const same = known.find((one) => one?.version.hash === version.hash);
  if (same !== undefined) return { version, model: same.model };
  return { version, model: load(await readArtefact(store, tenant, version), backend) };
}

function versionOf(one: Versioned<unknown> | undefined): number | undefined {
  return one?.version.version;
}

function present(active: number | undefined): { active?: number } {
  return active === undefined ? {} : { active };
}

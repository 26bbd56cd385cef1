// The models of a running service: of each tenant those that its detectors ask, looked after for as long as the
// service runs.
import type { ProductModels } from "../../detectors/anomaly/product-detectors.ts";
import { MODEL_KIND } from "../store/model.ts";
import { AUTOENCODER_LIVE } from "./autoencoder-live.ts";
import { DGA_LIVE } from "./dga-live.ts";
import { createSlot, type LiveParts } from "./live-slot.ts";
import { SEQUENCE_LIVE } from "./sequence-live.ts";

const POLL_MS = 30_000;

export interface LiveModels {
  /** They change by themselves when another version is promoted. */
  modelsOf(tenant: string): ProductModels;
  /** Stores what was compared; the models are gone then. */
  close(): Promise<void>;
}

export interface LiveModelsParts extends LiveParts {
  readonly tenants: readonly string[];
  readonly pollMs?: number;
}

/** Loads what there is; looks for changes from then on, wherever they are made. */
export async function startLiveModels(parts: LiveModelsParts): Promise<LiveModels> {
  const ofTenants = new Map(parts.tenants.map((tenant) => [tenant, slotsOf(tenant, parts)]));
  const each = [...ofTenants.values()].flatMap(({ slots }) => slots);
  for (const slot of each) await slot.follow();
  const unwatch = each.map((slot) =>
    parts.store.watch(slot.tenant, MODEL_KIND, () => void slot.follow()),
  );
  const timer = setInterval(() => {
    for (const slot of each) void slot.follow();
  }, parts.pollMs ?? POLL_MS);
  timer.unref();
  return {
    modelsOf(tenant) {
      const found = ofTenants.get(tenant);
      if (found === undefined) throw new RangeError(`no tenant ${tenant}`);
      return found.models;
    },
    async close() {
      clearInterval(timer);
      for (const end of unwatch) end();
      for (const slot of each) await slot.close();
    },
  };
}

/** A slot for each model that detectors ask. */
function slotsOf(tenant: string, parts: LiveParts) {
  const dga = createSlot(DGA_LIVE, tenant, parts);
  const autoencoder = createSlot(AUTOENCODER_LIVE, tenant, parts);
  const sequence = createSlot(SEQUENCE_LIVE, tenant, parts);
  const models: ProductModels = {
    ...{ autoencoder: autoencoder.face, dga: dga.face },
    sequence: sequence.face,
  };
  return { slots: [autoencoder, dga, sequence], models };
}

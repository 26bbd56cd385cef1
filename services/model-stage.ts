// Wires the models of detectors: the backend of the configuration, which version is asked for which tenant,
// and what the process tells of it.
import type { Logger } from "pino";
import { Gauge, type Registry } from "prom-client";
import { type BackendName, openBackend } from "../detectors/anomaly/backend.ts";
import type { ProductModels } from "../detectors/anomaly/product-detectors.ts";
import { startLiveModels } from "./models/live-models.ts";
import type { Store } from "./store/store.ts";

export interface ModelStageParts {
  /** The one that the configuration asks for. */
  readonly backend: BackendName;
  readonly tenants: readonly string[];
  readonly store: Store;
  readonly registry: Registry;
  readonly logger: Logger;
  readonly now: () => number;
}

export interface ModelStage {
  modelsOf(tenant: string): ProductModels;
  close(): Promise<void>;
}

/** Opens the backend and loads what there is. Where no backend can be loaded, this rejects. */
export async function startModelStage(parts: ModelStageParts): Promise<ModelStage> {
  const { backend: asked, registry, logger } = parts;
  const backend = await openBackend(asked);
  const about = { backend: backend.name, asked, reason: backend.fallbackReason };
  if (backend.name === asked) logger.info(about, "anomaly models are computed");
  else logger.warn(about, "anomaly models are computed by another backend than asked for");
  new Gauge({
    name: "heidewacht_anomaly_backend_info",
    help: "The backend that computes anomaly models, and the one that was asked for",
    labelNames: ["backend", "asked"],
    registers: [registry],
  }).set({ backend: backend.name, asked }, 1);
  const live = await startLiveModels({ ...parts, backend });
  return { modelsOf: live.modelsOf, close: live.close };
}

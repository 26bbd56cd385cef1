// Obeys a tenant's switch while a request runs: the store is asked a few times a second, and the request
// is broken off as soon as it says no. Who can't be asked has not said yes.
import { isLlmOn } from "../store/llm-switch.ts";
import type { Store } from "../store/store.ts";

const LOOK_EVERY_MS = 300;
const PATIENCE_MS = 400;

/** Runs a task that ends with the tenant's permission. */
export async function whileOn<T>(
  store: Store,
  tenant: string,
  stop: AbortSignal,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const off = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const look = async () => {
    const allowed = await isAllowed(store, tenant);
    if (!allowed) off.abort();
    else if (!ended) timer = setTimeout(look, LOOK_EVERY_MS);
  };
  timer = setTimeout(look, LOOK_EVERY_MS);
  try {
    return await task(AbortSignal.any([stop, off.signal]));
  } finally {
    ended = true;
    clearTimeout(timer);
  }
}

/** False also when the store does not answer in time. */
export async function isAllowed(store: Store, tenant: string): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, false);
  });
  try {
    return await Promise.race([isLlmOn(store, tenant), late]);
  } catch {
    // The store is away: everybody else tells of that.
    return false;
  } finally {
    clearTimeout(timer);
  }
}

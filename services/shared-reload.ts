// A reload of the rules that somebody asked for in one process reaches all of them: it is written into the
// store, which the others watch. Each process reads its own files.
import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { z } from "zod";
import { messageOf } from "../config/errors.ts";
import { SYSTEM_TENANT } from "./api/kinds.ts";
import { type Asker, type Reload, SYSTEM } from "./rule-swap.ts";
import { SETTING_KIND } from "./store/kinds.ts";
import type { Store } from "./store/store.ts";

const SETTING_ID = "rules.reload";
const wish = z.object({ id: z.string(), instance: z.string() });

export interface SharedReloadParts {
  readonly store: Store;
  /** This process; what it asked for itself it has done. */
  readonly instance: string;
  readonly reload: (by: Asker) => Promise<Reload>;
  readonly logger: Logger;
  readonly now: () => number;
}

export interface SharedReload {
  /** Reloads here, and lets all others do so. Never rejects; the result is that of this process. */
  ask(by: Asker): Promise<Reload>;
  /** Listens no more. */
  close(): void;
}

/** Listens for what other processes are asked. */
export function shareReloads(parts: SharedReloadParts): SharedReload {
  const { store, instance, reload, logger, now } = parts;
  let lastId: string | undefined;
  const close = store.watch(SYSTEM_TENANT, SETTING_KIND, ({ id, document }) => {
    const asked = id === SETTING_ID ? wish.safeParse(document.value).data : undefined;
    // A change may be told more than once.
    if (asked === undefined || asked.instance === instance || asked.id === lastId) return;
    lastId = asked.id;
    reload(SYSTEM).catch((error: unknown) => {
      logger.error({ err: error }, "the rules could not be read anew");
    });
  });
  return {
    async ask(by) {
      try {
        await store.put(SYSTEM_TENANT, SETTING_KIND, SETTING_ID, {
          value: { id: randomUUID(), instance },
          changedAt: now(),
          changedBy: by.actor,
        });
      } catch (error) {
        logger.warn({ reason: messageOf(error) }, "other processes are not told to reload");
      }
      return reload(by);
    },
    close,
  };
}

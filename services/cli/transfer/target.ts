// A target that is being filled says so itself: a second try goes on, and nothing else is ever written into
// an installation that has data of its own.
import { AppError } from "../../../config/errors.ts";
import type { Ports } from "../../ports.ts";
import { FINDING_KIND, SETTING_KIND } from "../../store/kinds.ts";
import { MOVED_KINDS } from "./kinds.ts";
import { SYSTEM } from "./ports-place.ts";
import { OWN_SETTINGS } from "./store-parts.ts";

const MARK = `${OWN_SETTINGS}unfinished`;

/**
 * Marks the target as being filled by this move.
 * @returns whether an earlier try began it
 * @throws AppError HW_PLACE_TAKEN when there is other data, or another move is unfinished
 */
export async function beginTarget(
  { store, archive }: Ports,
  tenants: readonly string[],
  id: string,
  now: number,
): Promise<boolean> {
  const mark = (await store.get(SYSTEM, SETTING_KIND, MARK))?.document.value;
  if (mark === id) return true;
  if (mark !== undefined) throw taken("im Ziel liegt eine andere, nicht abgeschlossene Übernahme");
  for (const tenant of tenants) {
    for (const kind of [FINDING_KIND, ...MOVED_KINDS.values()]) {
      const { total } = await store.search(tenant, kind, { sort: [], limit: 1 });
      if (total > 0) throw taken(`im Ziel liegen schon Daten: ${tenant}/${kind.name}`);
    }
    if ((await store.readAudit(tenant, 1, 1)).length > 0) {
      throw taken(`im Ziel liegen schon Daten: ${tenant}/audit`);
    }
    if (tenant !== SYSTEM && (await archive.statistics(tenant)).events > 0) {
      throw taken(`im Ziel liegen schon Daten: ${tenant}/events`);
    }
  }
  const setting = { value: id, changedAt: now, changedBy: "cli" };
  await store.create(SYSTEM, SETTING_KIND, MARK, setting);
  return false;
}

/** The target is whole and free to be started. */
export async function endTarget({ store }: Ports): Promise<void> {
  await store.remove(SYSTEM, SETTING_KIND, MARK);
}

function taken(message: string): AppError {
  return new AppError("HW_PLACE_TAKEN", message, {
    mend: "ein leeres Ziel nehmen (anderer Ordner, anderes store.prefix und bus.prefix)",
  });
}

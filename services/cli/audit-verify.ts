// Verifies the audit chains of an installation, by themselves and against anchors kept outside of it.
import { readFileSync } from "node:fs";
import { AppError } from "../../config/errors.ts";
import { parseOutsideJson } from "../normalize/json-nesting.ts";
import type { KeyRing } from "../privacy/keys.ts";
import {
  type Anchor,
  type AnchorFault,
  anchorSchema,
  checkAnchors,
  lastEntry,
} from "../store/audit-anchor.ts";
import type { Store } from "../store/store.ts";

/** What became of one tenant's chain. */
export interface VerifiedChain {
  readonly tenant: string;
  /** Sequence number of the last entry; 0: none. */
  readonly entries: number;
  /** The first broken entry. */
  readonly broken: number | undefined;
  readonly anchors: number;
  readonly anchorFault: AnchorFault | undefined;
}

/** Anchors are compared even where a chain is broken: they may tell how far it was changed. */
export async function verifyChains(
  store: Store,
  tenants: readonly string[],
  anchors: readonly Anchor[],
  ring: () => KeyRing,
): Promise<VerifiedChain[]> {
  const verified: VerifiedChain[] = [];
  for (const tenant of tenants) {
    const own = anchors.filter((anchor) => anchor.tenant === tenant);
    const broken = await store.verifyAudit(tenant);
    const key = own.length === 0 ? undefined : ring().derive(tenant, "anchor");
    verified.push({
      ...{ tenant, broken, anchors: own.length },
      entries: (await lastEntry(store, tenant))?.sequence ?? 0,
      anchorFault: key && (await checkAnchors(store, tenant, own, key)),
    });
  }
  return verified;
}

/**
 * Reads files of anchors, one a line.
 * @throws AppError HW_INPUT_UNREADABLE with file and line
 */
export function readAnchors(
  files: readonly string[],
  unfit: (place: string) => string,
): readonly Anchor[] {
  return files.flatMap((file) =>
    textOf(file)
      .split("\n")
      .flatMap((line, at) => {
        if (line.trim() === "") return [];
        const place = `${file}:${at + 1}`;
        try {
          return [anchorSchema.parse(parseOutsideJson(line))];
        } catch (cause) {
          throw new AppError("HW_INPUT_UNREADABLE", unfit(place), { place, cause });
        }
      }),
  );
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new AppError("HW_INPUT_UNREADABLE", `${file} can't be read`, { place: file, cause });
  }
}

// An answer that does not count, because whoever gave it is not configured (any more): it stands in the audit
// trail with its finding, and people go on being called. Addresses are not written down.
import type { FindingPaging, PageAnswer } from "../store/paging.ts";
import type { Store } from "../store/store.ts";

interface RefusedAnswer extends Pick<PageAnswer, "kind" | "via" | "at"> {
  /** Configured names of those who were called and are not configured any more. */
  readonly former: readonly string[];
}

export async function recordRefusal(
  store: Store,
  { tenant, finding }: { readonly tenant: string; readonly finding: string },
  { kind, via, at, former }: RefusedAnswer,
): Promise<void> {
  await store.appendAudit(tenant, {
    ...{ at, actor: "system", action: "finding.page_refuse", subject: finding },
    payload: { kind, via, why: former.length > 0 ? "former" : "unknown_sender", former },
  });
}

/** Those who were called and are not configured any more. */
export function formerPeople(
  paging: FindingPaging | undefined,
  people: Readonly<Record<string, unknown>>,
): readonly string[] {
  const called = (paging?.pages ?? []).flatMap(({ person }) => person ?? []);
  return [...new Set(called)].filter((person) => !Object.hasOwn(people, person));
}

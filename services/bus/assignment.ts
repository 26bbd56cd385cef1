// Who of a consumer group gets which partitions. Sticky: a partition only moves when it must, because
// with it moves the state of a keyed stage.

/**
 * Spreads `partitions` (0 … n−1) over the members as evenly as possible.
 * @param members in the order in which they joined
 * @param owned what each member has now
 */
export function assignPartitions<Member>(
  partitions: number,
  members: readonly Member[],
  owned: ReadonlyMap<Member, readonly number[]>,
): Map<Member, number[]> {
  const result = new Map<Member, number[]>();
  if (members.length === 0) return result;
  const most = Math.ceil(partitions / members.length);
  let extra = partitions % members.length || members.length;
  const byHold = [...members].sort(
    (left, right) => (owned.get(right)?.length ?? 0) - (owned.get(left)?.length ?? 0),
  );
  const free = new Set(Array.from({ length: partitions }, (_, partition) => partition));
  const quota = new Map<Member, number>();
  for (const member of byHold) {
    quota.set(member, extra > 0 ? most : most - 1);
    extra -= 1;
    const kept = (owned.get(member) ?? []).slice(0, quota.get(member));
    for (const partition of kept) free.delete(partition);
    result.set(member, kept);
  }
  const rest = [...free];
  for (const member of byHold) {
    const list = result.get(member) ?? [];
    list.push(...rest.splice(0, (quota.get(member) ?? 0) - list.length));
    list.sort((left, right) => left - right);
  }
  return result;
}

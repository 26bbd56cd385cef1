// What `heidewacht doctor` looks at in Kafka's consumer groups: whether we may be in them, whether somebody
// is, and whether those who are in get on.
import { setTimeout as delay } from "node:timers/promises";
import type { KafkaConnection } from "../../kafka/connection.ts";
import { type InspectedGroup, inspectGroups, type SeenGroup } from "../../kafka/inspect-groups.ts";
import type { Check, Line } from "./check.ts";
import type { DoctorText } from "./messages.ts";

/** The slowest group commits with its snapshots, every 10 s where they are small. */
const WATCH_MS = 20_000;
const LOOK_AGAIN_MS = 500;
const NEEDED = ["read", "describe"] as const;

export interface GroupsCheckParts {
  readonly connection: KafkaConnection;
  readonly prefix: string;
  readonly tenants: readonly string[];
  /** Topic and the name of the group that reads it. */
  readonly groups: readonly (readonly [string, string])[];
  readonly limitMs: number;
  readonly text: DoctorText;
}

/** The check; it watches only while something is unread. */
export function groupsCheck(parts: GroupsCheckParts): Check {
  return {
    name: parts.text.kafkaGroups,
    watchMs: WATCH_MS,
    run: (signal) => groupLines(parts, signal),
  };
}

async function groupLines(parts: GroupsCheckParts, signal: AbortSignal): Promise<Line[]> {
  const { prefix, tenants, groups, text } = parts;
  const wanted = tenants.flatMap((tenant) =>
    groups.map(([topic, group]) => {
      const name = `${prefix}.${tenant}.${topic}`;
      return { topic: name, group: `${name}.${group}` };
    }),
  );
  const found = await anyAnswer(parts, wanted);
  const standing = await thoseThatStand(parts, found, signal);
  const lines = found.flatMap((one) => linesOf(one, standing.has(one.group), text));
  if (lines.length > 0) return lines;
  const unread = found.reduce((sum, { seen }) => sum + (seen?.unread ?? 0), 0);
  return [{ outcome: "good", text: text.groupsGood(found.length, unread) }];
}

function linesOf({ group, seen, isForbidden }: InspectedGroup, stands: boolean, text: DoctorText) {
  const lines: Line[] = [];
  const denied = isForbidden ? NEEDED : NEEDED.filter((one) => seen?.allowed?.has(one) === false);
  if (denied.length > 0) {
    const words = `${group}: ${text.kafkaDenied(denied.join(", "))}`;
    lines.push({ outcome: "bad", text: words, mend: text.kafkaDeniedMend });
  }
  if (seen === undefined || seen.unread === 0) return lines;
  if (seen.members === 0) {
    const words = text.groupEmpty(group, seen.unread);
    lines.push({ outcome: "warning", text: words, mend: text.groupEmptyMend });
  } else if (stands) {
    const words = text.groupStands(group, seen.unread, seen.members, WATCH_MS / 1000);
    lines.push({ outcome: "warning", text: words, mend: text.groupStandsMend });
  }
  return lines;
}

/** Groups with members and unread records of which not one partition moved while we watched. */
async function thoseThatStand(
  parts: GroupsCheckParts,
  first: readonly InspectedGroup[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const before = new Map(
    first.flatMap(({ group, seen }) =>
      seen !== undefined && seen.members > 0 && seen.unread > 0 ? [[group, seen] as const] : [],
    ),
  );
  const until = performance.now() + WATCH_MS;
  while (before.size > 0 && performance.now() < until) {
    await delay(LOOK_AGAIN_MS, undefined, { signal });
    const wanted = first.filter(({ group }) => before.has(group));
    for (const { group, seen } of await anyAnswer(parts, wanted)) {
      const was = before.get(group);
      if (seen === undefined || was === undefined || hasMoved(was, seen)) before.delete(group);
    }
  }
  return new Set(before.keys());
}

function hasMoved(was: SeenGroup, is: SeenGroup): boolean {
  if (is.unread === 0) return true;
  return [...is.positions].some(([partition, at]) => at > (was.positions.get(partition) ?? 0));
}

function anyAnswer(
  { connection, limitMs }: GroupsCheckParts,
  wanted: readonly { readonly topic: string; readonly group: string }[],
): Promise<InspectedGroup[]> {
  return Promise.any(
    connection.brokers.map((broker) => inspectGroups(connection, broker, wanted, limitMs)),
  );
}

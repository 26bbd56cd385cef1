// Deletes the topics and groups that tests made on a shared broker.
import { Admin } from "@platformatic/kafka";

/** Deletes all topics and idle groups whose names begin with one of the prefixes. */
export async function deleteTopics(broker: string, prefixes: readonly string[]): Promise<void> {
  const admin = new Admin({ clientId: "heidewacht-test", bootstrapBrokers: [broker] });
  try {
    const isOurs = (name: string) => prefixes.some((prefix) => name.startsWith(`${prefix}.`));
    const topics = (await admin.listTopics({})).filter(isOurs);
    if (topics.length > 0) await admin.deleteTopics({ topics });
    const groups = [...(await admin.listGroups({ states: ["EMPTY", "DEAD"] })).keys()];
    const idle = groups.filter(isOurs);
    if (idle.length > 0) await admin.deleteGroups({ groups: idle });
  } finally {
    await admin.close();
  }
}

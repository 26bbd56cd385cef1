// A finding whose evidence carries an injection, as triage would have stored it.
import type { Finding } from "../../../services/store/finding.ts";
import type { Injection } from "./generate.ts";

/** When its event happened, ms UTC. */
export const EVENT_AT = Date.UTC(2026, 10, 20, 8, 30);
const SCORE = 64;

/** @param index numbers it; two with the same index and injection are equal */
export function attackedFinding(
  tenant: string,
  index: number,
  { field, value }: Pick<Injection, "field" | "value">,
): Finding {
  const document = {
    "@timestamp": new Date(EVENT_AT).toISOString(),
    "event.code": 4625,
    "event.action": "logon-failed",
    "host.name": `pc-${index % 50}`,
    "source.ip": `203.0.113.${index % 250}`,
    [field]: value,
  };
  const matched = [{ field, value, operator: "contains", pattern: "x" }];
  const event = { id: `raw/0/${index}`, time: EVENT_AT, document };
  return {
    ...{ id: `f-${index}`, tenant, groupKey: `host:pc-${index}` },
    detector: {
      ...{ id: "rule-1", kind: "sigma", title: "Viele fehlgeschlagene Anmeldungen" },
      ...{ description: "Jemand probiert Passwörter.", level: "high", status: "stable" },
      ...{ techniques: ["T1110"], tactics: ["credential-access"], falsePositives: [] },
      ...{ references: [], response: ["Konto prüfen"], origin: "test" },
    },
    entities: [{ type: "host", value: `pc-${index % 50}` }],
    score: SCORE,
    scoreParts: [{ key: "severity", points: SCORE, detail: "high" }],
    summary: "Viele fehlgeschlagene Anmeldungen (Schwere: hoch).",
    ...{ status: "new", verdictHistory: [], signalCount: 1, sources: ["proxy"] },
    ...{ firstEventAt: EVENT_AT, lastEventAt: EVENT_AT, raisedAt: EVENT_AT },
    evidence: [
      { signalId: `s-${index}`, time: EVENT_AT, source: "proxy", matched, events: [event] },
    ],
  };
}

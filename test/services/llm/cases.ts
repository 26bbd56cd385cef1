// A small case that tests ask about: two events of logons, and what we know of their finding.
import type { CaseInput, CaseItem } from "../../../services/llm/case.ts";
import type { ModelClaim } from "../../../services/llm/schema.ts";

export const AT = Date.UTC(2026, 10, 20, 8, 30);
export const PERSON = "konto-0123456789";

export function eventOf(fields: CaseItem["fields"], id = "kafka/raw/0/17"): CaseItem {
  return { kind: "event", id, time: AT, fields: { "@timestamp": AT, ...fields } };
}

export function caseOf(events: readonly CaseItem[] = [], task: CaseInput["task"] = "summary") {
  const finding: CaseItem = {
    kind: "finding",
    id: "f-1",
    time: AT,
    fields: {
      "finding.first_event": AT,
      "finding.signal_count": 1234,
      "rule.name": "Viele fehlgeschlagene Anmeldungen",
      "rule.level": "high",
    },
  };
  const given = events.length > 0 ? events : [eventOf(LOGON)];
  return { task, subject: "f-1", items: [finding, ...given], timeZone: "Europe/Berlin" };
}

export const LOGON = {
  "source.ip": "203.0.113.9",
  "user.name": PERSON,
  "host.name": "dc01",
  "event.code": 4625,
  "event.outcome": "failure",
  "process.command_line": "net use \\\\dc01\\c$ /user:admin",
};

export function claimOf(text: string, ...cited: readonly [string, string][]): ModelClaim {
  const citations = cited.map(([event, field], index) => ({ slot: index + 1, event, field }));
  return { kind: "statement", section: "what", text, citations };
}

// What people have done with alarms and incidents in the past, as a diary in the order of time: plain data that
// says what happened, made by makePast and carried out by whoever has a store. All of it is invented.
import type { Anomaly } from "../../../detectors/anomaly/anomaly.ts";
import type { Entity, MatchedField } from "../../../detectors/detector.ts";
import type { EcsDocument } from "../../../detectors/event.ts";
import type { Judgement } from "../../cases/finding-changes.ts";
import type { TimeStatement } from "../../cases/incident-steps.ts";
import type { NewNotification } from "../../cases/notifications.ts";
import type { IdentityRequest } from "../../store/identity.ts";
import type { Incident } from "../../store/incident.ts";
import type { FindingPaging } from "../../store/paging.ts";
import type { TestPage } from "../../store/test-page.ts";

/** A finding as it was raised. Times in ms UTC. */
export interface PastAlarm {
  readonly id: string;
  /** Path of a rule in the starter pack, or what a model saw. */
  readonly detector: { readonly rule: string } | { readonly model: string; readonly told: Anomaly };
  readonly raisedAt: number;
  /** Of its signals, oldest first. */
  readonly eventTimes: readonly number[];
  readonly source: string;
  readonly entities: readonly Entity[];
  readonly matched: readonly MatchedField[];
  readonly document: EcsDocument;
  /** As it was in the end. */
  readonly paging?: FindingPaging;
  /** Key of the exception that keeps it out of the queue. */
  readonly hiddenBy?: string;
}

type Declaration = Pick<
  Incident,
  "title" | "description" | "severity" | "category" | "tlp" | "exercise" | "firstCompromise"
> & {
  readonly verdict: Incident["verdict"];
  readonly findings: readonly string[];
};

/** What was done with an incident; incidents are named by keys of the diary, actions by their titles. */
export type IncidentAct =
  | { readonly do: "declare"; readonly given: Declaration }
  | { readonly do: "assign" }
  | { readonly do: "link"; readonly findings: readonly string[] }
  | { readonly do: "contain"; readonly statement: TimeStatement; readonly downtimeS?: number }
  | { readonly do: "impact"; readonly impact: Incident["impact"]; readonly firstAt?: number }
  | { readonly do: "recover"; readonly statement: TimeStatement }
  | {
      readonly do: "action";
      readonly title: string;
      readonly required: boolean;
      readonly dueAt: number;
    }
  | { readonly do: "action_done"; readonly title: string }
  | { readonly do: "tasks_done" }
  | { readonly do: "notify"; readonly notification: NewNotification }
  | { readonly do: "close"; readonly verdict: Incident["verdict"]; readonly reason?: string }
  | { readonly do: "reopen"; readonly reason: string }
  | { readonly do: "merge"; readonly source: string }
  | {
      readonly do: "split";
      readonly parts: readonly {
        readonly key: string;
        readonly title: string;
        readonly findings: readonly string[];
      }[];
    };

/** A call of a language model that was never made. */
export interface PastCall {
  readonly id: string;
  readonly finding: string;
  readonly outcome: "verified" | "replaced" | "timeout";
  /** What people made of it; missing: nothing. */
  readonly decision?: { readonly state: "accepted" | "rejected"; readonly at: number };
  readonly durationMs: number;
  readonly promptChars: number;
  readonly claims: number;
  readonly dropped: number;
}

type Happening =
  | { readonly kind: "raise"; readonly alarm: PastAlarm }
  | { readonly kind: "acknowledge"; readonly finding: string }
  | { readonly kind: "page_answered"; readonly finding: string; readonly page: string }
  | { readonly kind: "judge"; readonly finding: string; readonly judgement: Judgement }
  | { readonly kind: "incident"; readonly incident: string; readonly act: IncidentAct }
  | {
      readonly kind: "exception";
      readonly key: string;
      readonly finding: string;
      readonly host: string;
      readonly days: number;
      readonly reason: string;
    }
  | { readonly kind: "exception_agreed" | "exception_withdrawn"; readonly key: string }
  | {
      readonly kind: "silence";
      readonly host: string;
      readonly until: number;
      readonly reason: string;
    }
  | { readonly kind: "call"; readonly call: PastCall }
  | {
      readonly kind: "identity";
      readonly request: Pick<IdentityRequest, "id" | "reason" | "incident" | "pseudonym">;
    }
  | {
      readonly kind: "identity_decided";
      readonly request: string;
      readonly state: "approved" | "refused";
    }
  | { readonly kind: "test_page"; readonly page: Omit<TestPage, "tenant"> }
  | {
      readonly kind: "source_resumed";
      readonly source: string;
      readonly finding: string;
      /** Its last record before. */
      readonly since: number;
    };

/** Something that somebody did, or that came about; `by` is an opaque account id or `system`. */
export type PastStep = { readonly at: number; readonly by: string } & Happening;

/** In the order of time; of one moment in the order given. */
export function inOrder(steps: readonly PastStep[]): PastStep[] {
  return steps.toSorted((a, b) => a.at - b.at);
}

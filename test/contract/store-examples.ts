// Documents, a signal, a fold and small helpers for the tests of stores.

import { isAppError } from "../../config/errors.ts";
import type { Signal } from "../../detectors/detector.ts";
import type { Finding } from "../../services/store/finding.ts";
import type { Kind, SearchQuery, Store, Versioned } from "../../services/store/store.ts";

export const exampleSignal = (id: string, time = 1000): Signal => ({
  id,
  tenant: "a",
  detector: {
    id: "rule-1",
    kind: "sigma",
    title: "Anmeldeversuche an dc01",
    description: "",
    level: "high",
    status: "test",
    techniques: ["T1110"],
    tactics: ["credential-access"],
    falsePositives: [],
    references: [],
    response: [],
    origin: "own/windows/logon.yml",
  },
  time,
  raisedAt: time + 500,
  entities: [{ type: "host", value: "dc01.kreis.local" }],
  groupKey: "host:dc01.kreis.local",
  source: "winlogbeat",
  matched: [],
  events: [],
});

/** A fold that counts; the real one is the triage's. */
export const exampleFold = (existing: Finding | undefined, fresh: readonly Signal[]): Finding => {
  const [first] = fresh;
  if (first === undefined) throw new Error("nothing fresh");
  const { detector, ...rest } = first;
  const base: Finding = existing ?? {
    id: "f",
    tenant: rest.tenant,
    detector: {
      ...detector,
      techniques: [...detector.techniques],
      tactics: [...detector.tactics],
      falsePositives: [],
      references: [],
      response: [],
    },
    groupKey: rest.groupKey,
    entities: [...rest.entities],
    score: 50,
    scoreParts: [],
    summary: "Viele Anmeldeversuche",
    status: "new",
    verdictHistory: [],
    signalCount: 0,
    firstEventAt: rest.time,
    lastEventAt: rest.time,
    raisedAt: rest.raisedAt,
    sources: [rest.source],
    evidence: [],
  };
  return { ...base, signalCount: base.signalCount + fresh.length };
};

export interface StoreUnderTest {
  readonly store: Store;
  readonly reopen: () => Promise<Store>;
  readonly dispose: () => Promise<void>;
}

export interface Note {
  readonly title: string;
  readonly tags: readonly string[];
  readonly points?: number;
  readonly done: boolean;
}

export const NOTE_KIND: Kind<Note> = {
  name: "note",
  fields: {
    tag: { kind: "keyword", values: (note) => note.tags },
    points: { kind: "number", values: (note) => (note.points === undefined ? [] : [note.points]) },
    done: { kind: "boolean", values: (note) => [note.done] },
    title: { kind: "text", values: (note) => [note.title] },
  },
};

export const note = (title: string, more: Partial<Note> = {}): Note => ({
  title,
  tags: [],
  done: false,
  ...more,
});

export const ids = (page: { readonly hits: readonly Versioned<unknown>[] }) =>
  page.hits.map((hit) => hit.id);

export async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no error",
    (error: unknown) => (isAppError(error) ? error.code : String(error)),
  );
}

export const query = (more: Partial<SearchQuery> = {}): SearchQuery => ({
  sort: [],
  limit: 100,
  ...more,
});

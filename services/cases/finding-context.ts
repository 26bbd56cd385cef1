// What an analyst wants to know around a finding, in parts that are asked at the same time: each has a limit
// of time and is remembered for a while. A part that fails or is late says so, and the others answer.
import { z } from "zod";
import { LEVELS } from "../../detectors/detector.ts";
import { FINDING_STATUS, type Finding, VERDICTS } from "../store/finding.ts";
import type { Versioned } from "../store/store.ts";

const fields = z.record(z.string(), z.union([z.string(), z.number()]));

/** What each part gives. */
export const CONTEXT_PARTS = {
  /** Of its hosts, as the register has them now. */
  assets: z.array(z.object({ host: z.string(), facts: fields })),
  /** Place, autonomous system, machine and network of its addresses. */
  addresses: z.array(z.object({ address: z.string(), facts: fields })),
  attack: z.object({
    tactics: z.array(z.object({ id: z.string(), name: z.string() })),
    techniques: z.array(z.object({ id: z.string(), name: z.string().optional() })),
  }),
  /** Findings on the same entities that were raised before it, the newest first. */
  earlier: z.object({
    total: z.number().int(),
    findings: z.array(
      z.object({
        ...{ id: z.string(), title: z.string(), level: z.enum(LEVELS) },
        ...{ status: z.enum(FINDING_STATUS), verdict: z.enum(VERDICTS).optional() },
        ...{ raisedAt: z.number(), score: z.number() },
      }),
    ),
  }),
  /** Findings of its detector in the last 30 days by verdict; never by who gave it. */
  detector: z.object({
    days: z.number().int(),
    findings: z.number().int(),
    unjudged: z.number().int(),
    verdicts: z.record(z.enum(VERDICTS), z.number().int()),
  }),
  /** Entries of threat lists that its events are named in. */
  intelligence: z.array(
    z.object({
      indicator: z.string(),
      type: z.string(),
      providers: z.array(z.string()),
      confidence: z.string(),
      tlp: z.string(),
      fields: z.array(z.string()),
      /** Whether it was listed when the event came, and whether it is now. */
      ...{ listedThen: z.boolean(), listedNow: z.boolean() },
    }),
  ),
} as const;

type PartName = keyof typeof CONTEXT_PARTS;
type PartValue<Name extends PartName> = z.infer<(typeof CONTEXT_PARTS)[Name]>;

/** Where the parts come from. What they throw is told and costs their own part. */
export type ContextSources = {
  readonly [Name in PartName]: (
    tenant: string,
    finding: Versioned<Finding>,
  ) => PartValue<Name> | Promise<PartValue<Name>>;
};

/** A part as it is told: known, or why it is not. */
type ContextPart<Value> =
  | { readonly state: "known"; readonly value: Value }
  | { readonly state: "late" | "failed" };

type FindingContext = { readonly [Name in PartName]: ContextPart<PartValue<Name>> };

export interface ContextOptions {
  readonly sources: ContextSources;
  readonly timeLimitMs: number;
  /** How long an answer is given again. */
  readonly cacheMs: number;
  /** Parts that are remembered. */
  readonly cacheEntriesMax: number;
  /** ms UTC. */
  readonly now: () => number;
  readonly onFault: (part: string, error: unknown) => void;
}

/** Asks all parts; never rejects, and takes no longer than the limit of time. */
export type AskContext = (tenant: string, finding: Versioned<Finding>) => Promise<FindingContext>;

export function createFindingContext(options: ContextOptions): AskContext {
  const remembered = createPartCache(options);
  return async (tenant, finding) => {
    const part = <Name extends PartName>(name: Name) => {
      const key = JSON.stringify([tenant, name, finding.id, finding.document.signalCount]);
      const ask = async () => options.sources[name](tenant, finding);
      return inTime(remembered(key, name, ask), options.timeLimitMs);
    };
    const [assets, addresses, attack, earlier, detector, intelligence] = await Promise.all([
      part("assets"),
      part("addresses"),
      part("attack"),
      part("earlier"),
      part("detector"),
      part("intelligence"),
    ]);
    // Each part is what `part` gave for its own name; TypeScript loses that in its mapped type.
    return { assets, addresses, attack, earlier, detector, intelligence } as FindingContext;
  };
}

/** One who is late is not stopped: its answer serves those who ask next. */
async function inTime<Value>(
  asked: Promise<ContextPart<Value>>,
  timeLimitMs: number,
): Promise<ContextPart<Value>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ContextPart<Value>>((resolve) => {
    timer = setTimeout(() => resolve({ state: "late" }), timeLimitMs);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Answers under way are shared, good ones are kept for a while, faults are not. The oldest go first. */
function createPartCache({ cacheMs, cacheEntriesMax, now, onFault }: ContextOptions) {
  const kept = new Map<
    string,
    { readonly at: number; readonly part: Promise<ContextPart<unknown>> }
  >();
  return <Value>(
    key: string,
    name: string,
    ask: () => Promise<Value>,
  ): Promise<ContextPart<Value>> => {
    const found = kept.get(key);
    // What lies under a key was put there for it: the key names the part.
    if (found !== undefined && now() - found.at < cacheMs)
      return found.part as Promise<ContextPart<Value>>;
    const part = ask().then(
      (value): ContextPart<Value> => ({ state: "known", value }),
      (error: unknown): ContextPart<Value> => {
        if (kept.get(key)?.part === part) kept.delete(key);
        onFault(name, error);
        return { state: "failed" };
      },
    );
    kept.delete(key);
    kept.set(key, { at: now(), part });
    const [oldest] = kept.keys();
    if (kept.size > cacheEntriesMax && oldest !== undefined) kept.delete(oldest);
    return part;
  };
}

// What was found out about texts that come again and again (paths, images, names of hosts, call stacks), about
// whole account fields, and about fields. Holds good as long as the names and keys of the tenant stay the
// same, and takes a bounded amount of memory.
import { type FieldContent, fieldContent, knownPartOf } from "./fields.ts";

/** Of one tenant, both halves. */
const BYTES_MAX = 32_000_000;
/** Longer ones are often messages with a time in them, never the same twice: kept where that shows to be wrong. */
const SHORT_CHARACTERS_MAX = 640;
/** The hash of a string of more characters is its length. */
const CACHED_CHARACTERS_MAX = 16_000;
/** About what an entry takes beside its characters. */
const ENTRY_BYTES = 250;
/** Key, and results where they differ from it; two bytes a unit at worst. */
const BYTES_PER_CHARACTER = 2;
const RESULTS_MAX = 3;
const FIELDS_MAX = 4096;
const WHOLES_MAX = 20_000;
const WHOLE_CHARACTERS_MAX = 256;
/** One hit pays for so many long texts that were kept for nothing. */
const HIT_WORTH = 4;
const WORTH_MAX = 8;
/** Where keeping long texts does not pay, one in so many is tried. */
const TRIED_EVERY = 16;

/** A text without its identities, and how many names in it were not known. */
export interface Protected {
  /** undefined: it stays as it is. */
  readonly text: string | undefined;
  readonly unknown: number;
}

export interface SeenText extends Protected {
  /** The text itself. */
  readonly given: string;
  /** The text with its known names replaced, as it is searched for the event's own names. */
  readonly known: string;
  /** What the pass for known names saw (see `Scanned` of `name-scan.ts`). */
  readonly isPlain: boolean;
  readonly mayHoldConvention: boolean;
  lower: string | undefined;
  /** Which names of an event were last looked for, and what came of it. */
  ownNames: string;
  own: Protected;
}

/** An account field's value without its identity, and the names that are learned from it. */
export interface SeenWhole {
  readonly value: string;
  readonly learned: readonly LearnedName[];
}

export interface LearnedName {
  readonly name: string;
  readonly lower: string;
  readonly replacement: string;
  readonly isMail: boolean;
}

/** What is remembered of a field of this name. */
export interface FieldMemory {
  readonly field: string;
  readonly content: FieldContent;
  /** Length of the name but for what a sender chose of it. */
  readonly knownPart: number;
  /** The text that stood in it last. */
  last: SeenText | undefined;
  /** Whether its long texts come again: below 0 they hardly do. */
  worth: number;
  longTexts: number;
}

export interface TenantMemory {
  readonly epoch: number;
  readonly revision: number;
  /** Own names of events → whether the pass for known names finds them, too. */
  readonly covered: Map<string, boolean>;
  readonly wholes: Map<string, SeenWhole>;
  field(name: string): FieldMemory;
  /** What is known of a text; undefined also where nothing is to be kept of it. */
  text(text: string): SeenText | undefined;
  keep(seen: SeenText): void;
}

/** The memory of each tenant, begun anew when its epoch or its names are other ones. */
export function createTenantMemories(
  epochOf: (tenant: string) => number,
  revisionOf: (tenant: string) => number,
  bytesMax = BYTES_MAX,
): (tenant: string) => TenantMemory {
  const memories = new Map<string, TenantMemory>();
  return (tenant) => {
    const epoch = epochOf(tenant);
    const revision = revisionOf(tenant);
    let memory = memories.get(tenant);
    if (memory === undefined || memory.revision !== revision || memory.epoch !== epoch) {
      memory = createTenantMemory(epoch, revision, bytesMax);
      memories.set(tenant, memory);
    }
    return memory;
  };
}

// Two halves: what is asked for again moves to the young one, the old one goes when the young one is full.
function createTenantMemory(epoch: number, revision: number, bytesMax: number): TenantMemory {
  let young = new Map<string, SeenText>();
  let old = new Map<string, SeenText>();
  let bytes = 0;
  const fields = new Map<string, FieldMemory>();
  const keep = (seen: SeenText) => {
    const results = seen.known === seen.given && seen.text === undefined ? 1 : RESULTS_MAX;
    const added = ENTRY_BYTES + results * BYTES_PER_CHARACTER * seen.given.length;
    if (bytes + added > bytesMax / 2) {
      old = young;
      young = new Map();
      bytes = 0;
    }
    bytes += added;
    young.set(seen.given, seen);
  };
  return {
    epoch,
    revision,
    covered: new Map(),
    wholes: new Map(),
    field(name) {
      let memory = fields.get(name);
      if (memory === undefined) {
        const content = fieldContent(name);
        const knownPart = knownPartOf(name);
        memory = { field: name, content, knownPart, last: undefined, worth: 0, longTexts: 0 };
        if (fields.size < FIELDS_MAX) fields.set(name, memory);
      }
      return memory;
    },
    text(text) {
      const known = young.get(text);
      if (known !== undefined) return known;
      const aged = old.get(text);
      if (aged !== undefined) keep(aged);
      return aged;
    },
    keep,
  };
}

/** Whether a text of the field is looked up and kept. */
export function isRemembered(memory: FieldMemory, text: string): boolean {
  if (text.length <= SHORT_CHARACTERS_MAX) return true;
  if (text.length > CACHED_CHARACTERS_MAX) return false;
  memory.longTexts += 1;
  return memory.worth > -WORTH_MAX || memory.longTexts % TRIED_EVERY === 0;
}

/** Tells whether a looked up text was known. */
export function noteLookUp(memory: FieldMemory, text: string, isHit: boolean): void {
  if (text.length <= SHORT_CHARACTERS_MAX) return;
  memory.worth = isHit
    ? Math.min(WORTH_MAX, memory.worth + HIT_WORTH)
    : Math.max(-WORTH_MAX, memory.worth - 1);
}

/** Remembers what an account field's value gave. */
export function keepWhole(wholes: Map<string, SeenWhole>, key: string, seen: SeenWhole): void {
  if (key.length > WHOLE_CHARACTERS_MAX) return;
  if (wholes.size >= WHOLES_MAX) wholes.clear();
  wholes.set(ownCopy(key), seen);
}

const scratch = Buffer.allocUnsafeSlow(2 * CACHED_CHARACTERS_MAX);

/** A text that was cut out of a longer one would keep all of that in memory. */
export function ownCopy(text: string): string {
  const { length } = text;
  if (length > CACHED_CHARACTERS_MAX) return Buffer.from(text, "utf16le").toString("utf16le");
  scratch.write(text, 0, "latin1");
  const copy = scratch.toString("latin1", 0, length);
  if (copy === text) return copy;
  scratch.write(text, 0, "utf16le");
  return scratch.toString("utf16le", 0, 2 * length);
}

// Looks at one line as the service would: which format claims it and how surely, and the event that comes
// out of it. `heidewacht parse` shows what this finds.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { AppError, isAppError } from "../../config/errors.ts";
import type { EcsDocument } from "../../detectors/event.ts";
import { ecsDocument } from "../normalize/ecs-document.ts";
import { type Format, SURE } from "../normalize/format.ts";
import { FORMATS, ranked } from "../normalize/formats.ts";
import { splitHeader } from "../normalize/header-lines.ts";
import { looksLikeJson, parseJsonRecord } from "../normalize/json-text.ts";
import { createNormalizer, type ReceivedRecord } from "../normalize/normalizer.ts";
import { createKeyRing } from "../privacy/keys.ts";
import type { Privacy } from "../privacy/privacy.ts";
import { createPrivacy } from "../privacy/protect.ts";
import { printable } from "./rules-text.ts";

/** What a line turned out to be. */
export type Verdict =
  | { readonly kind: "header" }
  | { readonly kind: "refused"; readonly reason: string; readonly claim: Format | undefined }
  | {
      readonly kind: "event";
      /** The format that parsed it. */
      readonly format: Format;
      /** The format that carried it; the same where it stands for itself. */
      readonly carrier: Format;
      /** 0 to 1; undefined when the format was given. */
      readonly score: number | undefined;
      /** Milliseconds UTC; undefined when the line holds none. */
      readonly time: number | undefined;
      readonly document: () => EcsDocument;
    };

export interface Judge {
  judge(text: string, source: string): Verdict;
  /** Line and document as they may be shown. */
  show(text: string, document: EcsDocument): { before: string; after: EcsDocument };
  /** A line of no format: letters and digits are hidden unless clear text was asked for. */
  mask(text: string): string;
  readonly isClear: boolean;
}

export interface JudgeOptions {
  /** Format id; undefined: found out for each line. */
  readonly format: string | undefined;
  /** Formats of mapping files. */
  readonly configured: readonly Format[];
  readonly timeZone: string;
  /** Show identities. */
  readonly clear: boolean;
  /** Key file of an installation; undefined: a new key for this run. */
  readonly keyFile: string | undefined;
}

const TENANT = "parse";

/** @throws AppError HW_NOT_FOUND when no format has the given id */
export function createJudge(options: JudgeOptions): Judge {
  const { configured, format } = options;
  const normalizer = createNormalizer({ mappings: [], formats: configured });
  if (format !== undefined && !normalizer.formatIds.includes(format)) {
    throw new AppError("HW_NOT_FOUND", `${format}`, {
      place: "--format",
      mend: [...normalizer.formatIds].sort().join(", "),
    });
  }
  const privacy = createPrivacy(createKeyRing(keyOf(options.keyFile)));
  const known = new Map([...FORMATS, ...configured].map((one) => [one.id, one]));
  return {
    isClear: options.clear,
    judge(text, source) {
      const receivedAt = Date.now();
      const raw: ReceivedRecord = {
        id: "line",
        idFromSender: false,
        source,
        format,
        timeZone: options.timeZone,
        receivedAt,
        text,
      };
      const made = normalizer.normalize(raw, TENANT);
      if ("skipped" in made) return { kind: "header" };
      const claim = format === undefined ? claimOf(text, configured) : undefined;
      const carrier = format === undefined ? claim?.format : known.get(format);
      if ("fault" in made) return { kind: "refused", reason: made.fault.message, claim: carrier };
      const { event } = made;
      return {
        kind: "event",
        format: made.format,
        carrier: carrier ?? made.format,
        score: format === undefined ? (claim?.score ?? 0) : undefined,
        time: event.time === receivedAt ? event.claimedTime : event.time,
        document: () => ecsDocument(event, made.format),
      };
    },
    show: (text, document) => shown(privacy, text, document, options.clear),
    mask: (text) => (options.clear ? printable(text) : masked(printable(text))),
  };
}

function claimOf(text: string, configured: readonly Format[]) {
  const { header, line } = splitHeader(text);
  try {
    const json = looksLikeJson(line) ? parseJsonRecord(line) : undefined;
    return ranked(line, json, header, configured)[0];
  } catch (error) {
    if (isAppError(error)) return undefined;
    throw error;
  }
}

const ORIGINAL = "event.original";

// The line takes the same way out as the document, so that both hide the same names.
function shown(privacy: Privacy, text: string, document: EcsDocument, clear: boolean) {
  const line = splitHeader(text).line;
  if (clear) return { before: line, after: document };
  const after = { ...document, [ORIGINAL]: line };
  privacy.protectDocument(TENANT, after);
  const { [ORIGINAL]: before, ...rest } = after;
  return { before: String(before), after: rest };
}

function masked(text: string): string {
  return text.replace(/\p{L}/gu, "a").replace(/\p{Nd}/gu, "0");
}

function keyOf(file: string | undefined): Buffer {
  if (file === undefined) return randomBytes(32);
  return Buffer.from(readFileSync(file, "utf8").trim(), "hex");
}

/** How sure a claim is, in three steps. */
export type Sureness = "sure" | "likely" | "unsure";

/** From 0.5 on a format has seen more than a general shape. */
const LIKELY = 0.5;

export function surenessOf(score: number): Sureness {
  if (score >= SURE) return "sure";
  return score >= LIKELY ? "likely" : "unsure";
}

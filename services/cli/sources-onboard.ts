// Makes the part of the configuration for a new source out of the answers about it.
import { createHash, randomBytes } from "node:crypto";
import { Document, type Pair, Scalar, visit } from "yaml";
import type { SourceBinding } from "../../config/inputs.ts";
import type { NdigClass } from "../../config/ndig.ts";
import type { SourcesMessages } from "./sources-messages.ts";

/** Kinds of inputs that are asked for; all of config/inputs.ts that take a source. */
export const SOURCE_KINDS = [
  "http",
  "syslog-udp",
  "syslog-tcp",
  "relp",
  "gelf-udp",
  "gelf-tcp",
  "lumberjack",
  "files",
  "stdin",
] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

export const DATA_CLASSES = ["security", "network", "content"] as const;

/** What must be known of a new source; a source without a class is not connected (§ 19 (1) NDIG). */
export interface NewSource extends SourceBinding {
  readonly kind: SourceKind;
  readonly ndigClass: NdigClass;
  /** Of senders that are known by their address. */
  readonly network?: string | undefined;
  /** Of files. */
  readonly path?: string | undefined;
}

/** Whether the kind asks for the sender's address. */
export function needsNetwork(kind: SourceKind): boolean {
  return !["http", "files", "stdin"].includes(kind);
}

/** The YAML to take over, and the shipper's key where the kind has one: it is in no other place. */
export interface Onboarding {
  readonly yaml: string;
  readonly key: { readonly id: string; readonly secret: string } | undefined;
}

const KEY_BYTES = 24;
const ID_CHARACTERS_MAX = 64;

/** @param makeSecret makes the shipper's key; it has to be random */
export function onboard(
  source: NewSource,
  text: SourcesMessages,
  makeSecret: () => string = randomKey,
): Onboarding {
  const key =
    source.kind === "http" ? { id: keyIdOf(source.source), secret: makeSecret() } : undefined;
  const document = new Document({ inputs: inputsOf(source, key) });
  visit(document, {
    Pair: (_index, pair) => {
      explainClass(pair, text.ndigComment(text.ndig[source.ndigClass]));
    },
  });
  return { yaml: document.toString({ lineWidth: 0 }), key };
}

function explainClass(pair: Pair, comment: string): void {
  const { key, value } = pair;
  if (key instanceof Scalar && key.value === "ndigClass" && value instanceof Scalar) {
    value.comment = comment;
  }
}

function inputsOf(source: NewSource, key: Onboarding["key"]): object {
  const { kind, network, path } = source;
  const binding = bindingOf(source);
  const senders = [{ networks: network === undefined ? [] : [network], ...binding }];
  switch (kind) {
    case "http": {
      const sha256 = createHash("sha256")
        .update(key?.secret ?? "")
        .digest("hex");
      return { http: { keys: [{ id: key?.id, sha256, ...binding }] } };
    }
    case "syslog-udp":
    case "syslog-tcp":
      return { syslog: [{ protocol: kind.slice("syslog-".length), senders }] };
    case "gelf-udp":
    case "gelf-tcp":
      return { gelf: [{ protocol: kind.slice("gelf-".length), senders }] };
    case "relp":
    case "lumberjack":
      return { [kind]: [{ senders }] };
    case "files":
      return { files: [{ ...binding, paths: [path] }] };
    case "stdin":
      return { stdin: binding };
  }
}

function bindingOf(source: NewSource): object {
  const { tenant, format, timeZone, ndigClass, dataClass, silenceMinutes } = source;
  return {
    ...{ tenant, source: source.source },
    ...(format === undefined ? {} : { format }),
    ...{ timeZone, ndigClass },
    ...(dataClass === undefined ? {} : { dataClass }),
    ...(silenceMinutes === undefined ? {} : { silenceMinutes }),
  };
}

/** What the schema takes as id of a key. */
function keyIdOf(source: string): string {
  const id = source.replace(/[^A-Za-z0-9_-]+/g, "-").slice(0, ID_CHARACTERS_MAX);
  return id === "" ? "quelle" : id;
}

function randomKey(): string {
  return randomBytes(KEY_BYTES).toString("base64url");
}

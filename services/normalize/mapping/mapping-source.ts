// A YAML file of a mapping or of its tests: its value, and the line and column of each of its parts.
import { readFileSync, statSync } from "node:fs";
import { isNode, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { messageOf } from "../../../config/errors.ts";
import { MAPPING_MESSAGES, type MappingLanguage } from "./mapping-messages.ts";

/** One thing that is wrong with a mapping or its tests. */
export interface MappingFault {
  /** `mappings/dms.yml:12:5` */
  readonly place: string;
  /** `fields.source.ip`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
  readonly mend: string;
}

export interface YamlFile {
  readonly value: unknown;
  /** `file:line:column` of the nearest part that exists. */
  placeOf(path: readonly PropertyKey[]): string;
}

const FILE_BYTES_MAX = 1_000_000;
const ALIASES_MAX = 100;

/** Reads a file of the disk. */
export function readYamlFile(
  path: string,
  language: MappingLanguage,
): YamlFile | { readonly faults: readonly MappingFault[] } {
  const text = MAPPING_MESSAGES[language];
  const fault = (message: string) => ({
    faults: [{ place: path, path: "", message, mend: text.fileMend }],
  });
  try {
    if (statSync(path).size > FILE_BYTES_MAX) return fault(text.tooLarge(FILE_BYTES_MAX));
    return readYaml(readFileSync(path, "utf8"), path, language);
  } catch (error) {
    return fault(`${text.noFile}: ${messageOf(error)}`);
  }
}

/** Reads a text; `origin` names it in places. */
export function readYaml(
  source: string,
  origin: string,
  language: MappingLanguage,
): YamlFile | { readonly faults: readonly MappingFault[] } {
  const text = MAPPING_MESSAGES[language];
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  if (document.errors.length > 0) {
    return {
      faults: document.errors.map((error) => {
        const { line, col } = lines.linePos(error.pos[0]);
        const message = error.message.split("\n")[0] ?? "";
        return { place: `${origin}:${line}:${col}`, path: "", message, mend: text.keysMend };
      }),
    };
  }
  const placeOf = (path: readonly PropertyKey[]): string => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (!isNode(node) || node.range == null) continue;
      const { line, col } = lines.linePos(node.range[0]);
      return `${origin}:${line}:${col}`;
    }
    return `${origin}:1:1`;
  };
  try {
    return { value: document.toJS({ maxAliasCount: ALIASES_MAX }), placeOf };
  } catch (error) {
    const fault = { place: placeOf([]), path: "", message: messageOf(error), mend: text.keysMend };
    return { faults: [fault] };
  }
}

/** Faults of a schema, each with its place. */
export function schemaFaults(
  error: z.ZodError,
  file: YamlFile,
  language: MappingLanguage,
): MappingFault[] {
  const text = MAPPING_MESSAGES[language];
  return error.issues.map((issue) => ({
    place: file.placeOf(
      issue.code === "unrecognized_keys" ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path,
    ),
    path: issue.path.map(String).join("."),
    message: issue.message,
    mend: issue.message === text.exactlyOne ? text.exactlyOneMend : text.keysMend,
  }));
}

/** How a language words what zod itself finds. */
export function wording(language: MappingLanguage) {
  return { error: (language === "de" ? z.locales.de() : z.locales.en()).localeError };
}

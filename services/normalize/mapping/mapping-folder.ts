// Mapping files of the disk: each becomes a format; `<name>.tests.yml` beside it holds lines that prove
// it. All faults of all files are told at once.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { AppError, messageOf } from "../../../config/errors.ts";
import type { Format } from "../format.ts";
import { FORMATS } from "../formats.ts";
import { compileMapping } from "./compile-mapping.ts";
import { MAPPING_MESSAGES, type MappingLanguage } from "./mapping-messages.ts";
import { mappingSchema } from "./mapping-schema.ts";
import {
  type MappingFault,
  readYaml,
  readYamlFile,
  schemaFaults,
  wording,
  type YamlFile,
} from "./mapping-source.ts";

/** A mapping that can be used. */
interface LoadedMapping {
  readonly format: Format;
  /** Its file. */
  readonly path: string;
  /** The file with its tests; undefined when there is none. */
  readonly tests: string | undefined;
}

export interface LoadedMappings {
  readonly mappings: readonly LoadedMapping[];
  readonly faults: readonly MappingFault[];
}

const MAPPING_FILE = /\.ya?ml$/i;
const TESTS_FILE = /\.tests\.ya?ml$/i;
/** Most mapping files of all folders together. */
const FILES_MAX = 1000;

/**
 * The formats of folders and files, for a run that needs all of them.
 * @throws AppError HW_CONFIG_INVALID with every fault of every file
 */
export function usableMappings(paths: readonly string[], language: MappingLanguage): Format[] {
  const { mappings, faults } = loadMappings(paths, language);
  if (faults.length === 0) return mappings.map(({ format }) => format);
  const text = MAPPING_MESSAGES[language];
  const lines = faults.map(({ place, path, message }) =>
    path === "" ? `  ${place}  ${message}` : `  ${place}  ${path}: ${message}`,
  );
  throw new AppError("HW_CONFIG_INVALID", `${text.faulty(faults.length)}\n${lines.join("\n")}`, {
    mend: text.faultyMend,
  });
}

/** All mappings of folders and files. Never throws: what can't be read is a fault. */
export function loadMappings(paths: readonly string[], language: MappingLanguage): LoadedMappings {
  const mappings: LoadedMapping[] = [];
  const faults: MappingFault[] = [];
  const places = new Map<string, string>();
  const text = MAPPING_MESSAGES[language];
  for (const path of filesOf(paths, language, faults)) {
    const read = readMappingFile(path, language);
    if ("faults" in read) {
      faults.push(...read.faults);
      continue;
    }
    const { id } = read.format;
    const other = places.get(id);
    const isTaken = FORMATS.some((format) => format.id === id);
    if (other !== undefined || isTaken) {
      const message = other === undefined ? text.idTaken(id) : text.idTwice(id, other);
      faults.push({ place: path, path: "id", message, mend: text.idMend });
      continue;
    }
    places.set(id, path);
    const tests = path.replace(MAPPING_FILE, ".tests$&");
    mappings.push({ format: read.format, path, tests: existsSync(tests) ? tests : undefined });
  }
  return { mappings, faults };
}

type ReadMapping = { readonly format: Format } | { readonly faults: readonly MappingFault[] };

function readMappingFile(path: string, language: MappingLanguage): ReadMapping {
  const file = readYamlFile(path, language);
  return "faults" in file ? file : compileFile(file, language);
}

/** The mapping in a text; `origin` names it in places. */
export function readMapping(
  source: string,
  origin: string,
  language: MappingLanguage,
): ReadMapping {
  const file = readYaml(source, origin, language);
  return "faults" in file ? file : compileFile(file, language);
}

function compileFile(file: YamlFile, language: MappingLanguage): ReadMapping {
  const text = MAPPING_MESSAGES[language];
  if (typeof file.value !== "object" || file.value === null) {
    const place = file.placeOf([]);
    return { faults: [{ place, path: "", message: text.noObject, mend: text.keysMend }] };
  }
  const parsed = mappingSchema(language).safeParse(file.value, wording(language));
  if (!parsed.success) return { faults: schemaFaults(parsed.error, file, language) };
  const made = compileMapping(parsed.data, language);
  if ("format" in made) return made;
  return {
    faults: made.issues.map(({ path, message, mend }) => ({
      place: file.placeOf(path),
      path: path.map(String).join("."),
      message,
      mend,
    })),
  };
}

function filesOf(
  paths: readonly string[],
  language: MappingLanguage,
  faults: MappingFault[],
): string[] {
  const text = MAPPING_MESSAGES[language];
  const files = paths.flatMap((path) => {
    try {
      if (!statSync(path).isDirectory()) return [path];
      return readdirSync(path, { recursive: true, encoding: "utf8" })
        .filter((name) => MAPPING_FILE.test(name) && !TESTS_FILE.test(name))
        .sort()
        .map((name) => join(path, name));
    } catch (error) {
      const message = `${text.noFile}: ${messageOf(error)}`;
      faults.push({ place: path, path: "", message, mend: text.fileMend });
      return [];
    }
  });
  return [...new Set(files)].slice(0, FILES_MAX);
}

// Reads the configuration: defaults, then one YAML file, then environment variables. All faults are
// collected and told at once, each with its path, its place in the file and how to mend it.
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Document, isNode, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { AppError, messageOf } from "./errors.ts";
import { type Config, configSchema } from "./schema.ts";

/** `HEIDEWACHT_CONSOLE__PORT=9000` sets `console.port`; upper and lower case don't matter. */
const PREFIX = "HEIDEWACHT_";
// Set by the user for the programs around it, not part of the configuration.
const NOT_SETTINGS = new Set(["HEIDEWACHT_CONFIG", "HEIDEWACHT_TOKEN"]);

/** One thing that is wrong with the configuration. */
export interface ConfigFault {
  /** `inputs.syslog.0.port` */
  readonly path: string;
  /** `heidewacht.yml:12:5`, or the name of the environment variable. */
  readonly place: string;
  readonly message: string;
}

export interface LoadedConfig {
  readonly config: Config;
  /** Relative paths in the configuration are meant from here. */
  readonly folder: string;
  /** Where a path like `paging.tenants.kreis` was set, for faults that are found later. */
  readonly placeOf?: (path: string) => string;
}

/** The documented file that every installation starts from. */
export const DEFAULT_CONFIG_FILE = fileURLToPath(new URL("default.yml", import.meta.url));

/**
 * @param file the site's YAML file; what it leaves out comes from default.yml
 * @param environment usually `process.env`
 * @param overrides set last, by a command's own options
 * @throws AppError HW_CONFIG_INVALID; its cause is the list of faults (see `faultsOf`)
 */
export function loadConfig(
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  overrides: Readonly<Record<string, unknown>> = {},
): LoadedConfig {
  const source = file === undefined ? undefined : readYaml(file);
  const merged = mergeDeep(readYaml(DEFAULT_CONFIG_FILE).value, source?.value ?? {});
  const variables = applyEnvironment(merged, environment);
  mergeDeep(merged, overrides);
  const parsed = configSchema.safeParse(merged, { error: z.locales.de().localeError });
  if (!parsed.success) {
    throw configError(parsed.error.issues.map((issue) => faultOf(issue, source, variables)));
  }
  return {
    config: parsed.data,
    folder: file === undefined ? process.cwd() : dirname(resolve(file)),
    placeOf: (path) => variables.get(path.toLowerCase()) ?? placeInYaml(path.split("."), source),
  };
}

/**
 * A configuration of its own beside that of the service: one YAML file, nothing else.
 * @param mend where its keys are told of
 * @throws AppError HW_CONFIG_INVALID; its cause is the list of faults (see `faultsOf`)
 */
export function loadOwnConfig<T>(
  file: string,
  schema: z.ZodType<T>,
  mend: string,
): { readonly config: T; readonly folder: string } {
  const source = readYaml(file, mend);
  const parsed = schema.safeParse(source.value, { error: z.locales.de().localeError });
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => faultOf(issue, source, new Map()));
    throw configError(faults, mend);
  }
  return { config: parsed.data, folder: dirname(resolve(file)) };
}

/** The faults inside an HW_CONFIG_INVALID error. */
export function faultsOf(error: AppError): readonly ConfigFault[] {
  return Array.isArray(error.cause) ? error.cause : [];
}

/** An HW_CONFIG_INVALID error that tells all faults at once. */
export function configError(
  faults: readonly ConfigFault[],
  mend = "alle Schlüssel mit Einheit und Grenzen stehen in config/default.yml",
): AppError {
  const lines = faults.map((fault) => `  ${fault.place}  ${fault.path}: ${fault.message}`);
  return new AppError(
    "HW_CONFIG_INVALID",
    `die Konfiguration hat ${faults.length} Fehler:\n${lines.join("\n")}`,
    { mend, cause: faults },
  );
}

interface YamlSource {
  readonly file: string;
  readonly document: Document;
  readonly lines: LineCounter;
  readonly value: Record<string, unknown>;
}

/** @param mend undefined: where the keys of the service are told */
function readYaml(file: string, mend?: string): YamlSource {
  if (!existsSync(file)) {
    throw configError([{ path: "(file)", place: file, message: "die Datei gibt es nicht" }], mend);
  }
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, "utf8"), { lineCounter: lines });
  if (document.errors.length > 0) {
    throw configError(
      document.errors.map((error) => {
        const { line, col } = lines.linePos(error.pos[0]);
        return {
          path: "(YAML)",
          place: `${file}:${line}:${col}`,
          message: error.message.split("\n")[0] ?? "",
        };
      }),
      mend,
    );
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch (error) {
    throw configError([{ path: "(YAML)", place: file, message: messageOf(error) }], mend);
  }
  if (!isRecord(value)) {
    const message = "erwartet werden Schlüssel und Werte";
    throw configError([{ path: "(root)", place: `${file}:1:1`, message }], mend);
  }
  return { file, document, lines, value };
}

function faultOf(
  issue: z.core.$ZodIssue,
  source: YamlSource | undefined,
  variables: ReadonlyMap<string, string>,
): ConfigFault {
  const path = issue.path.map(String);
  const name = path.join(".");
  const variable = variables.get(name.toLowerCase());
  return {
    path: name === "" ? "(root)" : name,
    place: variable ?? placeInYaml(path, source),
    message: issue.message,
  };
}

// The place of the nearest node that exists: a missing key is shown at its parent.
function placeInYaml(path: readonly string[], source: YamlSource | undefined): string {
  if (source === undefined) return "(default)";
  for (let length = path.length; length >= 0; length -= 1) {
    const keys = path.slice(0, length).map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    const node = length === 0 ? source.document.contents : source.document.getIn(keys, true);
    if (!isNode(node) || node.range == null) continue;
    const { line, col } = source.lines.linePos(node.range[0]);
    return `${source.file}:${line}:${col}`;
  }
  return source.file;
}

/** Sets values from the environment; gives back lower-case path → variable name. */
function applyEnvironment(
  target: Record<string, unknown>,
  environment: Readonly<Record<string, string | undefined>>,
): Map<string, string> {
  const variables = new Map<string, string>();
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX) || text === undefined || NOT_SETTINGS.has(name)) continue;
    const keys = keysOf(name.slice(PREFIX.length).split("__"));
    variables.set(keys.join(".").toLowerCase(), name);
    setDeep(target, keys, scalar(text));
  }
  return variables;
}

// Environment names know no camel case: find the key that is spelt alike in the schema.
function keysOf(parts: readonly string[]): string[] {
  let schema: unknown = configSchema;
  return parts.map((part) => {
    const shape = shapeOf(schema);
    const wanted = part.replaceAll("_", "").toLowerCase();
    const key =
      Object.keys(shape).find((one) => one.toLowerCase() === wanted) ?? part.toLowerCase();
    schema = shape[key];
    return key;
  });
}

function shapeOf(schema: unknown): Record<string, unknown> {
  let current = schema;
  while (isRecord(current)) {
    if (isRecord(current.shape)) return current.shape;
    const definition = current.def;
    current = isRecord(definition) ? definition.innerType : undefined;
  }
  return {};
}

/** A checksum may have no letter: what begins with 0 or is longer than any setting is text. */
const NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$/;

function scalar(text: string): unknown {
  if (text === "true" || text === "false") return text === "true";
  if (NUMBER.test(text)) return Number(text);
  if (/^[[{]/.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
  return text;
}

function setDeep(target: Record<string, unknown>, keys: readonly string[], value: unknown): void {
  let at = target;
  for (const key of keys.slice(0, -1)) {
    const next = at[key];
    if (isRecord(next)) {
      at = next;
    } else {
      const made: Record<string, unknown> = {};
      at[key] = made;
      at = made;
    }
  }
  const last = keys.at(-1);
  if (last !== undefined) at[last] = value;
}

function mergeDeep(
  target: Record<string, unknown>,
  source: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  for (const [key, value] of Object.entries(source)) {
    if (key === "__proto__") continue;
    const old = target[key];
    target[key] = isRecord(old) && isRecord(value) ? mergeDeep(old, value) : value;
  }
  return target;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

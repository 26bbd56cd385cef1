// All sources that the inputs bind, in one list: whoever asks about a source need not know the inputs.
import type { InputsConfig, SourceBinding } from "./inputs.ts";

/** A source with the input that it comes through. */
export interface ConfiguredSource extends SourceBinding {
  /** Key of the input in the configuration: `http`, `syslog`, `files` … */
  readonly input: string;
}

/** Every binding of every input, in the configuration's order; one source may be bound several times. */
export function configuredSources(inputs: InputsConfig): ConfiguredSource[] {
  return Object.entries(inputs).flatMap(([input, settings]) =>
    bindingsIn(settings).map((binding) => ({ ...binding, input })),
  );
}

// A binding is whatever names tenant and source, however deep an input keeps it.
function bindingsIn(value: unknown): SourceBinding[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(bindingsIn);
  if ("tenant" in value && "source" in value) return [bindingOf(value)];
  return Object.values(value).flatMap(bindingsIn);
}

function bindingOf(value: object): SourceBinding {
  // The schema of the inputs spreads the same binding fields wherever it has tenant and source.
  const { tenant, source, format, timeZone, ndigClass, dataClass, silenceMinutes } =
    value as SourceBinding;
  return { tenant, source, format, timeZone, ndigClass, dataClass, silenceMinutes };
}

/** What the configuration says of a source; where several bindings do, the first that says it. */
export function sourceSetting<Name extends "ndigClass" | "dataClass" | "silenceMinutes">(
  sources: readonly ConfiguredSource[],
  name: Name,
): (tenant: string, source: string) => SourceBinding[Name] {
  const known = new Map<string, SourceBinding[Name]>();
  const keyOf = (tenant: string, source: string) => `${tenant}\n${source}`;
  for (const one of sources) {
    const key = keyOf(one.tenant, one.source);
    if (one[name] !== undefined && !known.has(key)) known.set(key, one[name]);
  }
  return (tenant, source) => known.get(keyOf(tenant, source));
}

// Indices with explicit mappings, made so that it doesn't matter how many processes make them at once; their
// aliases; and versioned templates.
import { type Client, errors, type estypes } from "@elastic/elasticsearch";
import { errorType, PassingFault } from "./retry.ts";

/** What stands in `_meta` of a mapping of ours. */
type IndexMeta = Readonly<Record<string, unknown>>;

export interface IndexTarget {
  /** The index behind the alias. */
  readonly index: string;
  readonly meta: IndexMeta;
}

export interface IndexDefinition {
  readonly index: string;
  readonly settings?: estypes.IndicesIndexSettings;
  readonly mappings: estypes.MappingTypeMapping;
  /** Points to the index from its first moment on. */
  readonly alias?: string;
}

/**
 * Makes an index and waits until it can be written.
 * @returns false when somebody else has made it
 */
export async function createIndex(client: Client, definition: IndexDefinition): Promise<boolean> {
  const { index, settings, mappings, alias } = definition;
  try {
    await client.indices.create({
      index,
      mappings,
      ...(settings === undefined ? {} : { settings }),
      ...(alias === undefined ? {} : { aliases: { [alias]: {} } }),
    });
    return true;
  } catch (error) {
    if (errorType(error) === "resource_already_exists_exception") return false;
    throw error;
  }
}

/** The index behind an alias, or the index of this name; undefined when there is none. */
export async function findIndex(client: Client, name: string): Promise<IndexTarget | undefined> {
  const found = await orMissing(client.indices.getMapping({ index: name }));
  const [entry] = Object.entries(found ?? {});
  return entry && { index: entry[0], meta: entry[1].mappings._meta ?? {} };
}

/**
 * Names of indices that fit a pattern. Patterns can reach too far (`hw-x-kreis-*` also fits names of the
 * tenant `kreis-nord`), so callers look at each name themselves.
 */
export async function listIndices(client: Client, pattern: string): Promise<readonly string[]> {
  const found = await orMissing(
    client.indices.getSettings({ index: pattern, filter_path: "*.settings.index.uuid" }),
  );
  return Object.keys(found ?? {}).sort();
}

/** Names of aliases that fit a pattern. */
export async function listAliases(client: Client, pattern: string): Promise<readonly string[]> {
  const found = await orMissing(client.indices.getAlias({ name: pattern }));
  const names = Object.values(found ?? {}).flatMap(({ aliases }) => Object.keys(aliases));
  return [...new Set(names)].sort();
}

/**
 * Lets an alias point to another index and deletes the one before, in one step.
 * @returns false when one of both is not there: somebody else was quicker
 */
export async function switchAlias(
  client: Client,
  move: { readonly alias: string; readonly from: string; readonly to: string },
): Promise<boolean> {
  const { alias, from, to } = move;
  return changeAliases(client, [{ remove_index: { index: from } }, { add: { index: to, alias } }]);
}

/**
 * Deletes an index that was to become the next one behind `alias`, unless it is that already.
 * @returns false when it was, or is gone
 */
export async function deleteUnlessLive(
  client: Client,
  one: { readonly alias: string; readonly live: string; readonly index: string },
): Promise<boolean> {
  const { alias, live, index } = one;
  // Naming the live one makes the whole step fail when it has been replaced since it was looked up.
  return changeAliases(client, [{ remove_index: { index } }, { add: { index: live, alias } }]);
}

/**
 * Makes what was written before visible to searches.
 * @param index names or an exact alias; those that are gone are left out
 * @throws PassingFault when a shard could not do it: it is moving, or being started
 */
export async function refreshIndices(client: Client, index: string | string[]): Promise<void> {
  const answer = await client.indices.refresh({ index, ignore_unavailable: true });
  const failed = answer._shards?.failed ?? 0;
  if (failed > 0) throw new PassingFault(`${failed} shards could not be refreshed`);
}

/** Deletes indices by exact names; those that are gone already are left out. */
export async function deleteIndices(client: Client, names: readonly string[]): Promise<void> {
  for (const index of names) await orMissing(client.indices.delete({ index }));
}

export interface TemplateDefinition {
  /** Of the index template; the component template is `<name>-base`. */
  readonly name: string;
  /** Raised with every change; a newer one that is there is left alone. */
  readonly version: number;
  readonly patterns: readonly string[];
  /** Templates whose patterns overlap need different ones. */
  readonly priority: number;
  /** Whether a write may make an index; false: only `createIndex`. */
  readonly autoCreate: boolean;
  readonly settings: estypes.IndicesIndexSettings;
  readonly mappings?: estypes.MappingTypeMapping;
}

/** Puts a component template and the index template made of it, unless they are there in this version. */
export async function ensureTemplate(client: Client, wanted: TemplateDefinition): Promise<void> {
  const { name, version, settings, mappings } = wanted;
  const found = await orMissing(client.indices.getIndexTemplate({ name }));
  const there = found?.index_templates[0]?.index_template.version ?? 0;
  if (there >= version) return;
  const base = `${name}-base`;
  const template = mappings === undefined ? { settings } : { settings, mappings };
  await client.cluster.putComponentTemplate({ name: base, version, template });
  await client.indices.putIndexTemplate({
    name,
    version,
    index_patterns: [...wanted.patterns],
    priority: wanted.priority,
    allow_auto_create: wanted.autoCreate,
    composed_of: [base],
  });
}

async function changeAliases(
  client: Client,
  actions: estypes.IndicesUpdateAliasesAction[],
): Promise<boolean> {
  return (await orMissing(client.indices.updateAliases({ actions }))) !== undefined;
}

/** The answer, or undefined for 404. */
export async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof errors.ResponseError && error.statusCode === 404) return undefined;
    throw error;
  }
}

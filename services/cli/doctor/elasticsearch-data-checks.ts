// What `heidewacht doctor` looks at in our own indices: whether templates and layouts are those of this
// program, older ones that the next start brings up to date, or newer ones that it would not understand.
import type { Client } from "@elastic/elasticsearch";
import { eventTemplate } from "../../archive/elasticsearch-mapping.ts";
import type { Elasticsearch } from "../../elasticsearch/connection.ts";
import { orMissing, type TemplateDefinition } from "../../elasticsearch/indices.ts";
import { layoutAge } from "../../store/elasticsearch-document.ts";
import { storeTemplate } from "../../store/elasticsearch-indices.ts";
import { kindAlias, numberOfIndex } from "../../store/elasticsearch-names.ts";
import { FINDING_KIND } from "../../store/kinds.ts";
import { MOVED_KINDS } from "../transfer/kinds.ts";
import { SYSTEM } from "../transfer/ports-place.ts";
import type { Line } from "./check.ts";
import type { DoctorText } from "./messages.ts";

interface DataParts {
  /** As any of the nodes was opened. */
  readonly elasticsearch: Elasticsearch;
  readonly tenants: readonly string[];
  readonly text: DoctorText;
}

/** Versions of our templates. Without one nothing is wrong: it is made with the first index. */
export async function templateLines(
  client: Client,
  { elasticsearch, text }: DataParts,
  signal: AbortSignal,
): Promise<Line[]> {
  const lines: Line[] = [];
  for (const wanted of [storeTemplate(elasticsearch.prefix), eventTemplate(elasticsearch)]) {
    lines.push(templateLine(wanted, await versionThere(client, wanted.name, signal), text));
  }
  return lines;
}

async function versionThere(
  client: Client,
  name: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const found = await orMissing(client.indices.getIndexTemplate({ name }, { signal }));
  return found && (found.index_templates[0]?.index_template.version ?? 0);
}

function templateLine(
  { name, version }: TemplateDefinition,
  there: number | undefined,
  text: DoctorText,
): Line {
  if (there === undefined) return { outcome: "good", text: text.esTemplateMissing(name) };
  const words = text.esTemplate(name, there, version);
  if (there > version) return { outcome: "warning", text: words, mend: text.esNewerMend };
  return { outcome: "good", text: words };
}

/** Layouts of the indices that stand behind the aliases of all kinds of documents. */
export async function layoutLines(
  client: Client,
  { elasticsearch, tenants, text }: DataParts,
  signal: AbortSignal,
): Promise<Line[]> {
  const { prefix } = elasticsearch;
  const kinds = [...MOVED_KINDS.values(), FINDING_KIND];
  const wanted = [...tenants, SYSTEM].flatMap((tenant) =>
    kinds.map((kind) => ({ kind, alias: kindAlias(prefix, kind.name, tenant) })),
  );
  const found = await client.indices.getMapping(
    {
      index: wanted.map(({ alias }) => alias),
      ignore_unavailable: true,
      allow_no_indices: true,
      filter_path: "*.mappings._meta",
    },
    { signal },
  );
  const ages = Object.entries(found).flatMap(([index, { mappings }]) => {
    const one = wanted.find(({ alias }) => numberOfIndex(alias, index) !== undefined);
    return one === undefined ? [] : [{ index, age: layoutAge(one.kind, mappings._meta ?? {}) }];
  });
  const namesOf = (age: string) => ages.filter((one) => one.age === age).map(({ index }) => index);
  const newer = namesOf("newer");
  const older = namesOf("older");
  const lines: Line[] = [];
  if (newer.length > 0) {
    lines.push({ outcome: "bad", text: text.esNewer(newer.join(", ")), mend: text.esNewerMend });
  }
  if (older.length > 0) {
    lines.push({
      outcome: "warning",
      text: text.esOlder(older.join(", ")),
      mend: text.esOlderMend,
    });
  }
  if (lines.length > 0) return lines;
  return [{ outcome: "good", text: text.esLayoutsGood(ages.length) }];
}

// How full the disks of Elasticsearch's nodes are, measured by what Elasticsearch itself goes by: its
// watermarks, as the cluster is set or as they come with it.
import type { Client, estypes } from "@elastic/elasticsearch";
import { z } from "zod";
import type { Line } from "./check.ts";
import type { DoctorText } from "./messages.ts";

const MARKS = ["flood_stage", "high", "low"] as const;

/** How much has to be free: a share of the disk, at most so many bytes, or bytes. */
interface Watermark {
  readonly name: (typeof MARKS)[number];
  readonly value: string;
  readonly headroom: string | undefined;
}

const partSchema = z
  .object({
    cluster: z.object({
      routing: z.object({
        allocation: z.object({
          disk: z.looseObject({
            threshold_enabled: z.string().optional(),
            watermark: z.record(z.string(), z.unknown()).optional(),
          }),
        }),
      }),
    }),
  })
  .catch({ cluster: { routing: { allocation: { disk: {} } } } });

/**
 * One line a node; the deepest mark that it has passed.
 * @param freeShareMin from which share of free disk on to warn, whatever the watermarks say
 */
export async function diskLines(
  client: Client,
  { freeShareMin, text }: { readonly freeShareMin: number; readonly text: DoctorText },
  signal: AbortSignal,
): Promise<Line[]> {
  const stats = await client.nodes.stats({ metric: "fs" }, { signal });
  const settings = await client.cluster.getSettings(
    { include_defaults: true, filter_path: "*.cluster.routing.allocation.disk" },
    { signal },
  );
  const marks = watermarksOf(settings);
  const lines = Object.values(stats.nodes).map((node): Line => {
    const total = node.fs?.total?.total_in_bytes ?? 0;
    const free = node.fs?.total?.available_in_bytes ?? 0;
    const words = text.freeDisk(node.name ?? "?", free, total);
    const passed = marks?.find((mark) => total > 0 && free < neededFree(mark, total));
    if (passed !== undefined) {
      const outcome = passed.name === "low" ? "warning" : "bad";
      const mark = text.esWatermark(passed.name, passed.value);
      return { outcome, text: `${words}; ${mark}`, mend: text.esWatermarkMend[passed.name] };
    }
    if (total === 0 || free / total >= freeShareMin) return { outcome: "good", text: words };
    return { outcome: "warning", text: words, mend: text.esDiskMend };
  });
  if (marks === undefined) lines.push({ outcome: "warning", ...text.esNoWatermarks });
  return lines;
}

/** The deepest first; undefined where Elasticsearch is told not to look at its disks. */
export function watermarksOf(
  settings: Pick<estypes.ClusterGetSettingsResponse, "defaults" | "persistent" | "transient">,
): readonly Watermark[] | undefined {
  const parts = [settings.transient, settings.persistent, settings.defaults].map(
    (part) => partSchema.parse(part).cluster.routing.allocation.disk,
  );
  const first = <T>(pick: (part: (typeof parts)[number]) => T | undefined) =>
    parts.map(pick).find((value) => value !== undefined);
  if (first((part) => part.threshold_enabled) === "false") return undefined;
  return MARKS.flatMap((name) => {
    const value = first((part) => textAt(part.watermark, name));
    const headroom = first((part) => textAt(part.watermark, `${name}.max_headroom`));
    return value === undefined ? [] : [{ name, value, headroom }];
  });
}

/** A value stands beside those below it, or, where it is set and they are too, within. */
function textAt(from: Readonly<Record<string, unknown>> | undefined, name: string) {
  const value = from?.[name];
  return typeof value === "string" ? value : undefined;
}

/** Bytes that have to be free on a disk of `total` bytes. */
export function neededFree({ value, headroom }: Watermark, total: number): number {
  const share = shareOf(value);
  if (share === undefined) return bytesOf(value) ?? 0;
  const most = headroom === undefined ? undefined : bytesOf(headroom);
  return Math.min(total * (1 - share), most ?? Number.POSITIVE_INFINITY);
}

function shareOf(value: string): number | undefined {
  const percent = /^(\d{1,3}(?:\.\d{1,9})?)%$/.exec(value)?.[1];
  if (percent !== undefined) return Number(percent) / 100;
  return /^0?\.\d{1,9}$|^1(?:\.0)?$/.test(value) ? Number(value) : undefined;
}

const UNITS = ["b", "kb", "mb", "gb", "tb", "pb"];

/** Elasticsearch's byte sizes, whose units are powers of 1024; −1 stands for none. */
function bytesOf(value: string): number | undefined {
  const [, digits, unit] = /^(\d{1,15}(?:\.\d{1,9})?)([kmgtp]?b)$/i.exec(value) ?? [];
  if (digits === undefined || unit === undefined) return undefined;
  return Number(digits) * 1024 ** UNITS.indexOf(unit.toLowerCase());
}

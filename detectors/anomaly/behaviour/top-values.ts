// The values that a group has most often, few per group and few groups: what an explanation names as usual.
// Space-saving counters (Metwally, Agrawal, El Abbadi 2005).
import type { StateReader, StateWriter } from "../../network/state.ts";
import { RecencyMap } from "../../recency-map.ts";

const VALUES_MAX = 8;

export interface TopValues {
  add(group: string, value: string): void;
  /** Most frequent first, at most three. */
  usual(group: string): readonly string[];
  write(writer: StateWriter): void;
  read(reader: StateReader): void;
}

/** Counters of at most so many groups; the one not seen for longest gives way. */
export function createTopValues(groupsMax: number): TopValues {
  const groups = new RecencyMap<string, Map<string, number>>();
  return {
    add(group, value) {
      const counters = groups.get(group) ?? new Map<string, number>();
      groups.set(group, counters);
      const { oldest } = groups;
      if (groups.size > groupsMax && oldest !== undefined) groups.delete(oldest);
      let inherited = 0;
      if (!counters.has(value) && counters.size >= VALUES_MAX) {
        const [least] = [...counters].sort((a, b) => a[1] - b[1]);
        if (least !== undefined) {
          counters.delete(least[0]);
          inherited = least[1];
        }
      }
      counters.set(value, (counters.get(value) ?? inherited) + 1);
    },
    usual(group) {
      const counters = [...(groups.get(group) ?? [])];
      return counters
        .sort((a, b) => b[1] - a[1])
        .slice(0, 3)
        .map(([value]) => value);
    },
    write(writer) {
      writer.count(groups.size);
      for (const [group, counters] of groups) {
        writer.text(group);
        writer.count(counters.size);
        for (const [value, count] of counters) {
          writer.text(value);
          writer.float(count);
        }
      }
    },
    read(reader) {
      groups.clear();
      for (let left = reader.count(); left > 0; left -= 1) {
        const counters = new Map<string, number>();
        groups.set(reader.text(), counters);
        for (let values = reader.count(); values > 0; values -= 1)
          counters.set(reader.text(), reader.float());
      }
    },
  };
}

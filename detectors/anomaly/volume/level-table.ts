// The levels of all entities, bounded: the one not seen for longest gives way.
import type { Entity } from "../../detector.ts";
import { ENTITY_TYPES } from "../../detector.ts";
import type { StateReader, StateWriter } from "../../network/state.ts";
import { RecencyMap } from "../../recency-map.ts";
import { readNumbers, writeNumbers } from "../behaviour/evidence-state.ts";
import type { Counted } from "./counted.ts";
import type { Level } from "./levels.ts";

export interface LevelTable {
  /** The level that a count belongs to, a new one where there is none. */
  find(counted: Counted): Level;
  all(): Iterable<Level>;
  /** Levels of one kind of count. */
  of(what: string): Iterable<readonly [Entity, Level]>;
  readonly keys: number;
  readonly evicted: number;
  write(writer: StateWriter): void;
  read(reader: StateReader): void;
}

interface Row {
  readonly entity: Entity;
  readonly level: Level;
}

/** A table of at most so many levels. */
export function createLevelTable(keysMax: number): LevelTable {
  const rows = new RecencyMap<string, Row>();
  let evicted = 0;
  const keyOf = (what: string, { type, value }: Entity) => `${what}\u0000${type}\u0000${value}`;
  return {
    find({ what, entity, peers }) {
      const key = keyOf(what, entity);
      const found = rows.touch(key);
      if (found !== undefined) return found.level;
      const level: Level = {
        ...{ what, peers, sums: [0, 0], days: [0, 0], today: 0, hour: 0, hourAt: 0, past: [] },
      };
      rows.set(key, { entity, level });
      if (rows.size > keysMax) {
        const { oldest } = rows;
        if (oldest !== undefined && rows.delete(oldest)) evicted += 1;
      }
      return level;
    },
    *all() {
      for (const { level } of rows.values()) yield level;
    },
    *of(what) {
      for (const { entity, level } of rows.values()) if (level.what === what) yield [entity, level];
    },
    get keys() {
      return rows.size;
    },
    get evicted() {
      return evicted;
    },
    write(writer) {
      writer.float(evicted);
      writer.count(rows.size);
      for (const { entity, level } of rows.values()) {
        writer.count(ENTITY_TYPES.indexOf(entity.type));
        writer.text(entity.value);
        writer.text(level.what);
        writer.text(level.peers);
        for (const number of [...level.sums, ...level.days]) writer.float(number);
        for (const number of [level.today, level.hour, level.hourAt]) writer.float(number);
        writeNumbers(writer, level.past);
      }
    },
    read(reader) {
      const number = () => reader.float();
      evicted = number();
      rows.clear();
      for (let left = reader.count(); left > 0; left -= 1) {
        const type = ENTITY_TYPES[reader.count()];
        if (type === undefined) throw new RangeError("no such type of entity");
        const entity = { type, value: reader.text() };
        const [what, peers] = [reader.text(), reader.text()];
        const sums: Level["sums"] = [number(), number()];
        const days: Level["days"] = [number(), number()];
        const [today, hour, hourAt] = [number(), number(), number()];
        const past = [...readNumbers(reader)];
        rows.set(keyOf(what, entity), {
          entity,
          level: { what, peers, sums, days, today, hour, hourAt, past },
        });
      }
    },
  };
}

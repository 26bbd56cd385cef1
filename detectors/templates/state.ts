// A miner's whole state in bytes and back: templates, holes, and the skeletons that are recognised, so that
// a miner that goes on from it says what the first one would have said.
import { readState, type StateReader, type StateWriter } from "../network/state.ts";
import type { Hole } from "./holes.ts";
import type { TemplateMiner } from "./miner.ts";
import type { Template } from "./template.ts";

/** Writes the miner's state. */
export function writeMiner(to: StateWriter, miner: TemplateMiner): void {
  const { table, holes } = miner;
  to.count(miner.nextId);
  to.float(miner.lines);
  to.count(table.evicted);
  to.count(table.byId.size);
  for (const template of table.byId.values()) writeTemplate(to, template);
  // What part of what is comes behind all templates, as any may be part of any.
  for (const { mergedInto } of table.byId.values()) to.count(mergedInto?.id ?? 0);
  writeSkeletons(to, table.seen);
  writeSkeletons(to, table.seenBefore);
  to.count(holes.map.size);
  for (const [key, hole] of holes.map) {
    to.float(key);
    to.count(hole.isVariable ? 1 : 0);
    const members = hole.members.filter((one) => table.byId.get(one.id) === one);
    to.count(members.length);
    for (const member of members) to.count(member.id);
  }
}

/** Puts the state into a new miner; throws RangeError where it can't be one. */
export function readMiner(from: StateReader, miner: TemplateMiner): void {
  const { table, holes } = miner;
  miner.nextId = from.count();
  miner.lines = from.float();
  table.evicted = from.count();
  const templates: Template[] = [];
  for (let left = from.count(); left > 0; left -= 1) templates.push(readTemplate(from));
  const byId = new Map(templates.map((template) => [template.id, template]));
  const known = (id: number): Template => {
    const found = byId.get(id);
    if (found === undefined) throw new RangeError(`there is no template ${id}`);
    return found;
  };
  for (const template of templates) {
    const into = from.count();
    if (into !== 0) template.mergedInto = known(into);
  }
  for (const template of templates) table.add(template);
  table.seen = readSkeletons(from, known);
  table.seenBefore = readSkeletons(from, known);
  const read = new Map<number, Hole>();
  for (let left = from.count(); left > 0; left -= 1) {
    const key = from.float();
    const isVariable = from.count() === 1;
    const members: Template[] = [];
    for (let more = from.count(); more > 0; more -= 1) members.push(known(from.count()));
    read.set(key, { isVariable, members });
  }
  holes.map = read;
}

/** Puts what `writeMiner` wrote into a new miner; errors as of `readState`. */
export function restoreMiner(
  pieces: readonly Uint8Array[],
  version: number,
  miner: TemplateMiner,
): void {
  readState(pieces, version, "templates", (reader) => readMiner(reader, miner));
}

function writeTemplate(to: StateWriter, template: Template): void {
  to.count(template.id);
  to.float(template.count);
  to.float(template.seen);
  to.count(template.words.length);
  for (const [at, word] of template.words.entries()) {
    to.count(word);
    to.count(template.values[at] ?? 0);
    to.text(template.texts[at] ?? "");
  }
  for (let at = 0; at <= template.words.length; at += 1) {
    to.count(template.gaps[at] ?? 0);
    to.text(template.between[at] ?? "");
  }
}

function readTemplate(from: StateReader): Template {
  const id = from.count();
  const count = from.float();
  const seen = from.float();
  const words: number[] = [];
  const values: number[] = [];
  const texts: string[] = [];
  for (let left = from.count(); left > 0; left -= 1) {
    words.push(from.count());
    values.push(from.count());
    texts.push(from.text());
  }
  const gaps: number[] = [];
  const between: string[] = [];
  for (let at = 0; at <= words.length; at += 1) {
    gaps.push(from.count());
    between.push(from.text());
  }
  return {
    ...{ id, mergedInto: undefined, count, seen, texts, between },
    words: Uint32Array.from(words),
    values: Uint8Array.from(values),
    gaps: Uint8Array.from(gaps),
  };
}

function writeSkeletons(to: StateWriter, skeletons: ReadonlyMap<number, Template>): void {
  to.count(skeletons.size);
  for (const [key, template] of skeletons) {
    to.float(key);
    to.count(template.id);
  }
}

function readSkeletons(from: StateReader, known: (id: number) => Template): Map<number, Template> {
  const skeletons = new Map<number, Template>();
  for (let left = from.count(); left > 0; left -= 1) {
    const key = from.float();
    skeletons.set(key, known(from.count()));
  }
  return skeletons;
}

// The templates that a miner remembers, found by id, by their words, and by the skeletons of lines that were
// seen. Bounded: the longest unseen are forgotten.
import { keyOf } from "./scan.ts";
import { sumsOf } from "./sums.ts";
import { rootOf, type Template } from "./template.ts";

/** Skeletons that are recognised without a second look, for each template that is remembered. */
const SKELETONS_PER_TEMPLATE = 4;
/** Templates that became part of others keep their ids for a while. */
const IDS_PER_TEMPLATE = 2;
const KEPT_SHARE = 0.8;

export class TemplateTable {
  /** Templates that are not part of another. */
  size = 0;
  /** Templates that were forgotten because there were too many. */
  evicted = 0;
  readonly templatesMax: number;
  byId = new Map<number, Template>();
  /** Skeletons seen lately, and those seen before them. */
  seen = new Map<number, Template>();
  seenBefore = new Map<number, Template>();
  #byWords = new Map<number, Template>();

  constructor(templatesMax: number) {
    this.templatesMax = templatesMax;
  }

  /** The template that lines of this skeleton belong to. */
  bySkeleton(key: number): Template | undefined {
    const found = this.seen.get(key);
    if (found !== undefined) {
      if (found.mergedInto === undefined) return found;
      const root = rootOf(found);
      this.seen.set(key, root);
      return root;
    }
    const before = this.seenBefore.get(key);
    if (before === undefined) return undefined;
    const root = rootOf(before);
    this.remember(key, root);
    return root;
  }

  remember(key: number, template: Template): void {
    if (this.seen.size >= this.templatesMax * SKELETONS_PER_TEMPLATE) {
      this.seenBefore = this.seen;
      this.seen = new Map();
    }
    this.seen.set(key, template);
  }

  byWords(words: Uint32Array): Template | undefined {
    return this.#byWords.get(keyOfWords(words));
  }

  add(template: Template): void {
    this.byId.set(template.id, template);
    this.enter(template);
    if (template.mergedInto === undefined) this.size += 1;
  }

  /** Enters a template under the words that it has now. */
  enter(template: Template): void {
    if (template.mergedInto === undefined) this.#byWords.set(keyOfWords(template.words), template);
  }

  /** Takes out the entry under its words, before they change. */
  leave(template: Template): void {
    const key = keyOfWords(template.words);
    if (this.#byWords.get(key) === template) this.#byWords.delete(key);
  }

  merge(from: Template, into: Template): void {
    const one = rootOf(from);
    const other = rootOf(into);
    if (one === other) return;
    this.leave(one);
    one.mergedInto = other;
    other.count += one.count;
    other.seen = Math.max(other.seen, one.seen);
    this.size -= 1;
  }

  get isFull(): boolean {
    return this.size > this.templatesMax || this.byId.size > this.templatesMax * IDS_PER_TEMPLATE;
  }

  /** Forgets the longest unseen templates; says which are kept. */
  forgetOldest(): (template: Template) => boolean {
    const all = [...this.byId.values()];
    const newestFirst = (one: Template, other: Template) =>
      other.seen - one.seen || other.id - one.id;
    const most = Math.floor(this.templatesMax * KEPT_SHARE);
    const isRoot = (one: Template) => one.mergedInto === undefined;
    const roots = new Set(all.filter(isRoot).sort(newestFirst).slice(0, most));
    const merged = all.filter((one) => !isRoot(one) && roots.has(rootOf(one)));
    const kept = new Set([...roots, ...merged.sort(newestFirst).slice(0, most)]);
    this.evicted += this.size - roots.size;
    this.byId = new Map([...this.byId].filter(([, one]) => kept.has(one)));
    this.#byWords = new Map([...this.#byWords].filter(([, one]) => roots.has(one)));
    const seen = [...this.seen].map(([key, one]) => [key, rootOf(one)] as const);
    this.seen = new Map(seen.filter(([, one]) => roots.has(one)));
    this.seenBefore = new Map();
    this.size = roots.size;
    return (template) => roots.has(rootOf(template));
  }
}

function keyOfWords(words: Uint32Array): number {
  const { high, low } = sumsOf(words);
  return keyOf(words.length, high, low);
}

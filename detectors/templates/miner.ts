// Streaming log template miner. Each line gets the id of its template when it comes; templates that turn out
// to differ in a variable only become one later, and their old ids keep leading to it.
import { Holes, isVariantOf, wordsToVary } from "./holes.ts";
import { newSkeleton, scanLine } from "./scan.ts";
import { ANY, rootOf, type Template, templateOf, templateText } from "./template.ts";
import { TemplateTable } from "./template-table.ts";

export interface MinerOptions {
  /** Templates that are remembered; of those above it the longest unseen are forgotten. */
  readonly templatesMax: number;
}

const MINER_DEFAULTS: MinerOptions = { templatesMax: 20_000 };

const HOLES_PER_TEMPLATE = 16;
/** In longer templates no words are looked for that vary. */
const WORDS_WITH_HOLES_MAX = 48;

/** A miner of one stream of lines. */
export class TemplateMiner {
  readonly table: TemplateTable;
  readonly holes: Holes;
  readonly #skeleton = newSkeleton();
  /** The id of the next template, and the lines so far; set only by `restoreMiner`. */
  nextId = 1;
  lines = 0;

  constructor({ templatesMax }: MinerOptions = MINER_DEFAULTS) {
    this.table = new TemplateTable(templatesMax);
    this.holes = new Holes(templatesMax * HOLES_PER_TEMPLATE);
  }

  /** Id of the line's template; `start`: where its message begins, behind time, host and process. */
  observe(line: string, start = 0): number {
    const skeleton = this.#skeleton;
    scanLine(line, start, skeleton);
    this.lines += 1;
    let template = this.table.bySkeleton(skeleton.key);
    if (template === undefined) {
      template = this.#learn(line, start);
      this.table.remember(skeleton.key, template);
    }
    template.count += 1;
    template.seen = this.lines;
    return template.id;
  }

  /** The id that an id has now, after its template became part of another; undefined: forgotten. */
  resolve(id: number): number | undefined {
    const template = this.table.byId.get(id);
    return template === undefined ? undefined : rootOf(template).id;
  }

  /** Text of the template that an id leads to, variables as `<*>`. */
  text(id: number): string | undefined {
    const template = this.table.byId.get(id);
    return template === undefined ? undefined : templateText(rootOf(template));
  }

  /** Lines of the template that an id leads to. */
  count(id: number): number {
    const template = this.table.byId.get(id);
    return template === undefined ? 0 : rootOf(template).count;
  }

  // A skeleton that was not seen: a word in it varies, as is known, or it is a new template.
  #learn(line: string, start: number): Template {
    const template = templateOf(this.nextId, line, start, this.#skeleton);
    this.#vary(template);
    const found = this.table.byWords(template.words) ?? this.#withoutValue(template);
    if (found !== undefined) return rootOf(found);
    this.nextId += 1;
    template.seen = this.lines;
    this.table.add(template);
    this.#settle(template);
    if (this.table.isFull) this.holes.keep(this.table.forgetOldest());
    return rootOf(template);
  }

  // Words in holes that are known to vary become variables.
  #vary(template: Template): void {
    if (template.words.length > WORDS_WITH_HOLES_MAX) return;
    for (let at = 0; at < template.words.length; at += 1) {
      if (template.words[at] === ANY) continue;
      if (this.holes.at(template.words, at)?.isVariable !== true) continue;
      template.words[at] = ANY;
      at = -1;
    }
  }

  // `user 4711`, a variable by its looks, is of the same template as `user name`.
  #withoutValue(template: Template): Template | undefined {
    if (template.words.length >= WORDS_WITH_HOLES_MAX) return undefined;
    for (let at = 0; at < template.gaps.length; at += 1) {
      if (template.gaps[at] === 0) continue;
      const longer = withAny(template.words, at);
      const found = this.table.byWords(longer);
      if (found !== undefined) return found;
      const member = this.holes
        .at(longer, at)
        ?.members.find((one) => one.mergedInto === undefined && isVariantOf(one, template, at));
      if (member === undefined || member.words.length !== longer.length) continue;
      this.#generalise(member, at);
      return member;
    }
    return undefined;
  }

  // Enters the template in its holes; one that is full now makes it vary.
  #settle(template: Template): void {
    if (template.words.length > WORDS_WITH_HOLES_MAX) return;
    for (let at = 0; at < template.words.length; at += 1) {
      if (template.words[at] === ANY) continue;
      const needed = wordsToVary(template, at);
      if (needed === Number.POSITIVE_INFINITY) continue;
      const hole = this.holes.enter(template, at);
      const shorter = this.table.byWords(without(template.words, at));
      const isVariant = shorter !== undefined && isVariantOf(template, shorter, at);
      if (!hole.isVariable && !isVariant && hole.members.length < needed) continue;
      this.#generalise(template, at);
      return;
    }
  }

  // All templates in the hole become one, with a variable at the place.
  #generalise(template: Template, at: number): void {
    const hole = this.holes.enter(template, at);
    hole.isVariable = true;
    const [first = template, ...others] = hole.members.toSorted((one, other) => one.id - other.id);
    hole.members = [];
    const shorter = this.table.byWords(without(first.words, at));
    for (const member of others) this.table.merge(member, first);
    this.table.leave(first);
    first.words = first.words.with(at, ANY);
    this.#vary(first);
    if (shorter !== undefined && shorter.gaps[at] === 1) this.table.merge(shorter, first);
    const same = this.table.byWords(first.words);
    if (same !== undefined && same !== first) {
      this.table.merge(first, same);
      return;
    }
    this.table.enter(first);
    this.#settle(first);
  }
}

function without(words: Uint32Array, at: number): Uint32Array {
  return words.filter((_, index) => index !== at);
}

function withAny(words: Uint32Array, at: number): Uint32Array {
  const longer = new Uint32Array(words.length + 1);
  longer.set(words.subarray(0, at));
  longer[at] = ANY;
  longer.set(words.subarray(at), at + 1);
  return longer;
}

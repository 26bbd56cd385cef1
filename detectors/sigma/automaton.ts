// One Aho–Corasick automaton per field: finds all literals of all rules in one pass over the value, in
// any case. The beginning and the end of the value are symbols of the alphabet, so that equality, prefix
// and suffix cost nothing extra. Tables are dense.
// Source: Aho and Corasick, Communications of the ACM 18 (1975).
import type { Literal } from "./pattern-test.ts";

/** Characters above 127 share one symbol; literals that hold some have to be verified. */
const ASCII = 128;
/** Longer literals are looked for by a part of this length and then verified. */
const LITERAL_CHARACTERS_MAX = 24;

export interface Automaton {
  /**
   * Calls `emit(index)` for each literal (by its index in the list given) that stands in the text; the
   * same literal may be told more than once.
   */
  scan(text: string, emit: (index: number) => void): void;
  readonly states: number;
  readonly bytes: number;
}

/** The part of a literal that the automaton looks for, and whether that settles it. */
interface Needle {
  readonly symbols: readonly number[];
}

/** Whether finding the literal settles that it is there: no part left out, no shared symbols. */
export function isSettled(literal: Literal): boolean {
  return literal.text.length <= LITERAL_CHARACTERS_MAX && isAscii(literal.text);
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1)
    if (text.charCodeAt(index) >= ASCII) return false;
  return true;
}

/** @param literals lower case, none of them empty unless anchored at both ends */
export function buildAutomaton(literals: readonly Literal[]): Automaton {
  const classOf = new Uint8Array(ASCII);
  let classes = 1;
  for (const { text } of literals) {
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code < ASCII && classOf[code] === 0) {
        classOf[code] = classes;
        classes += 1;
      }
    }
  }
  for (let code = 65; code <= 90; code += 1) classOf[code] = classOf[code + 32] ?? 0;
  const wide = classes;
  const start = classes + 1;
  const end = classes + 2;
  classes += 3;
  const trie = buildTrie(literals.map((one) => needleOf(one, classOf, wide, start, end)));
  return link(trie, classes, classOf, { wide, start, end });
}

function needleOf(
  literal: Literal,
  classOf: Uint8Array,
  wide: number,
  start: number,
  end: number,
): Needle {
  const { text } = literal;
  // Prefixes are told apart by their beginning, everything else by its end.
  const head = literal.atStart && !literal.atEnd;
  const cut = text.length > LITERAL_CHARACTERS_MAX;
  const part = !cut
    ? text
    : head
      ? text.slice(0, LITERAL_CHARACTERS_MAX)
      : text.slice(-LITERAL_CHARACTERS_MAX);
  const symbols: number[] = [];
  if (literal.atStart && (head || !cut)) symbols.push(start);
  for (let index = 0; index < part.length; index += 1) {
    const code = part.charCodeAt(index);
    symbols.push(code < ASCII ? (classOf[code] ?? 0) : wide);
  }
  if (literal.atEnd) symbols.push(end);
  return { symbols };
}

interface Trie {
  readonly children: Map<number, number>[];
  readonly outputs: number[][];
}

function buildTrie(needles: readonly Needle[]): Trie {
  const children: Map<number, number>[] = [new Map()];
  const outputs: number[][] = [[]];
  for (const [index, { symbols }] of needles.entries()) {
    let state = 0;
    for (const symbol of symbols) {
      let next = children[state]?.get(symbol);
      if (next === undefined) {
        next = children.length;
        children.push(new Map());
        outputs.push([]);
        children[state]?.set(symbol, next);
      }
      state = next;
    }
    outputs[state]?.push(index);
  }
  return { children, outputs };
}

interface Symbols {
  readonly wide: number;
  readonly start: number;
  readonly end: number;
}

// Breadth first: a state's missing transitions are those of its longest suffix that is a state, which is
// done already. An entry is the next state's place in the table; its complement when that state emits.
function link(trie: Trie, classes: number, classOf: Uint8Array, symbols: Symbols): Automaton {
  const states = trie.children.length;
  const table = new Int32Array(states * classes);
  const failure = new Int32Array(states);
  const merged: (readonly number[])[] = trie.outputs;
  const order: number[] = [0];
  for (let at = 0; at < order.length; at += 1) {
    const state = order[at] ?? 0;
    const base = state * classes;
    const fail = failure[state] ?? 0;
    if (state !== 0) {
      table.copyWithin(base, fail * classes, (fail + 1) * classes);
      const inherited = merged[fail] ?? [];
      if (inherited.length > 0) merged[state] = [...(merged[state] ?? []), ...inherited];
    }
    for (const [symbol, child] of trie.children[state] ?? []) {
      failure[child] = state === 0 ? 0 : (table[fail * classes + symbol] ?? 0);
      table[base + symbol] = child;
      order.push(child);
    }
  }
  const outputStart = new Int32Array(states + 1);
  for (let state = 0; state < states; state += 1) {
    outputStart[state + 1] = (outputStart[state] ?? 0) + (merged[state]?.length ?? 0);
  }
  const outputs = Int32Array.from(merged.flat());
  for (let at = 0; at < table.length; at += 1) {
    const next = table[at] ?? 0;
    table[at] = (merged[next]?.length ?? 0) > 0 ? ~(next * classes) : next * classes;
  }
  const beginning = table[symbols.start] ?? 0;
  return {
    states,
    bytes: table.byteLength + outputs.byteLength + outputStart.byteLength,
    scan: makeScan(table, classes, classOf, symbols, beginning, outputStart, outputs),
  };
}

function makeScan(
  table: Int32Array,
  classes: number,
  classOf: Uint8Array,
  symbols: Symbols,
  beginning: number,
  outputStart: Int32Array,
  outputs: Int32Array,
): Automaton["scan"] {
  const { wide, end } = symbols;
  const emitAll = (place: number, emit: (index: number) => void) => {
    const state = place / classes;
    const stop = outputStart[state + 1] as number; // There is one more start than states.
    for (let at = outputStart[state] as number; at < stop; at += 1) emit(outputs[at] as number);
  };
  return (text, emit) => {
    let place = beginning < 0 ? ~beginning : beginning;
    const { length } = text;
    for (let index = 0; index < length; index += 1) {
      const code = text.charCodeAt(index);
      // Typed arrays are read within their bounds here: states and classes are made above.
      place = table[place + (code < ASCII ? (classOf[code] as number) : wide)] as number;
      if (place < 0) {
        place = ~place;
        emitAll(place, emit);
      }
    }
    place = table[place + end] as number;
    if (place < 0) emitAll(~place, emit);
  };
}

// What a key press means. Pure: a key and the prefix typed before it give an action or a new prefix.
// Letters follow the German words on the screen; see the keys dialog.
import type { Finding } from "../../store/finding.ts";

export type Verdict = NonNullable<Finding["verdict"]>["verdict"];
export type FalsePositiveReason = NonNullable<NonNullable<Finding["verdict"]>["reason"]>;

/** The order of the digits 1–4 after `f`. */
export const REASON_ORDER: readonly FalsePositiveReason[] = [
  "logic",
  "data",
  "context_missing",
  "threshold",
];

type Screen = "queue" | "incidents" | "events" | "rules" | "sources" | "status" | "duty" | "review";

export type KeyAction =
  | { readonly do: "move"; readonly by: number }
  | { readonly do: "edge"; readonly to: "first" | "last" }
  | { readonly do: "go"; readonly to: Screen }
  | { readonly do: "judge"; readonly verdict: Verdict }
  | { readonly do: "expand"; readonly open: boolean }
  | { readonly do: CommonAction };

type CommonAction =
  | "open"
  | "close"
  | "undo"
  | "start"
  | "search"
  | "keys"
  | "refresh"
  | "choose"
  | "bulk"
  | "declare"
  | "assign"
  | "watch"
  | "comment"
  | "suspect"
  | "page";

/** What a key gives: an action, a prefix that waits for its second key, or nothing. */
export interface KeyOutcome {
  readonly action?: KeyAction;
  readonly prefix?: "g";
}

const SINGLE: ReadonlyMap<string, KeyAction> = new Map<string, KeyAction>([
  ["j", { do: "move", by: 1 }],
  ["k", { do: "move", by: -1 }],
  ["t", { do: "judge", verdict: "true_positive" }],
  ["b", { do: "judge", verdict: "benign_true_positive" }],
  ["f", { do: "judge", verdict: "false_positive" }],
  ["d", { do: "judge", verdict: "duplicate" }],
  ["u", { do: "judge", verdict: "undetermined" }],
  ["z", { do: "undo" }],
  ["s", { do: "start" }],
  ["n", { do: "refresh" }],
  ["x", { do: "choose" }],
  ["m", { do: "bulk" }],
  ["a", { do: "declare" }],
  ["i", { do: "assign" }],
  ["w", { do: "watch" }],
  ["c", { do: "comment" }],
  ["v", { do: "suspect" }],
  ["p", { do: "page" }],
  ["/", { do: "search" }],
  ["?", { do: "keys" }],
  ["Enter", { do: "open" }],
  ["Escape", { do: "close" }],
]);

const GO: ReadonlyMap<string, KeyAction> = new Map<string, KeyAction>([
  ["q", { do: "go", to: "queue" }],
  ["v", { do: "go", to: "incidents" }],
  ["e", { do: "go", to: "events" }],
  ["r", { do: "go", to: "rules" }],
  ["d", { do: "go", to: "sources" }],
  ["z", { do: "go", to: "status" }],
  ["w", { do: "go", to: "duty" }],
  ["l", { do: "go", to: "review" }],
]);

/** Navigation keys act without letters, so they stay when single-key shortcuts are off. */
const NAVIGATION: ReadonlyMap<string, KeyAction> = new Map<string, KeyAction>([
  ["ArrowDown", { do: "move", by: 1 }],
  ["ArrowUp", { do: "move", by: -1 }],
  ["PageDown", { do: "move", by: 10 }],
  ["PageUp", { do: "move", by: -10 }],
  ["Home", { do: "edge", to: "first" }],
  ["End", { do: "edge", to: "last" }],
  ["Enter", { do: "open" }],
  [" ", { do: "choose" }],
  ["ArrowRight", { do: "expand", open: true }],
  ["ArrowLeft", { do: "expand", open: false }],
]);

/** The meaning of a key of the list while it has the focus; not a single-key shortcut. */
export function navigationKey(key: string): KeyAction | undefined {
  return NAVIGATION.get(key);
}

/** The meaning of a single-key shortcut after an optional prefix. Upper case counts as lower. */
export function shortcutKey(key: string, prefix: "g" | undefined): KeyOutcome {
  const name = key.length === 1 ? key.toLowerCase() : key;
  if (prefix === "g") {
    const action = GO.get(name);
    return action === undefined ? {} : { action };
  }
  if (name === "g") return { prefix: "g" };
  const action = SINGLE.get(name);
  return action === undefined ? {} : { action };
}

/** The reason that a digit chooses in the false-alarm dialog. */
export function reasonKey(key: string): FalsePositiveReason | undefined {
  return /^[1-4]$/.test(key) ? REASON_ORDER[Number(key) - 1] : undefined;
}

// Keys and what they do.
import { describe, expect, it } from "vitest";
import {
  navigationKey,
  reasonKey,
  shortcutKey,
} from "../../../../services/console/model/key-map.ts";

const SHORTCUTS = [
  ["j", { do: "move", by: 1 }],
  ["K", { do: "move", by: -1 }],
  ["t", { do: "judge", verdict: "true_positive" }],
  ["b", { do: "judge", verdict: "benign_true_positive" }],
  ["f", { do: "judge", verdict: "false_positive" }],
  ["d", { do: "judge", verdict: "duplicate" }],
  ["u", { do: "judge", verdict: "undetermined" }],
  ["z", { do: "undo" }],
  ["s", { do: "start" }],
  ["/", { do: "search" }],
  ["?", { do: "keys" }],
  ["Escape", { do: "close" }],
  ["x", { do: "choose" }],
  ["m", { do: "bulk" }],
  ["A", { do: "declare" }],
  ["i", { do: "assign" }],
  ["w", { do: "watch" }],
  ["c", { do: "comment" }],
  ["v", { do: "suspect" }],
] as const;

describe("keys", () => {
  it.each(SHORTCUTS)("%s acts", (key, action) => {
    expect(shortcutKey(key, undefined)).toEqual({ action });
  });

  it.each(["y", "F1", "Tab", "constructor", "1"])("%s does nothing", (key) => {
    expect(shortcutKey(key, undefined)).toEqual({});
    expect(navigationKey(key)).toBeUndefined();
  });

  it("waits for a second key after g and then goes there", () => {
    expect(shortcutKey("g", undefined)).toEqual({ prefix: "g" });
    expect(shortcutKey("q", "g")).toEqual({ action: { do: "go", to: "queue" } });
    expect(shortcutKey("v", "g")).toEqual({ action: { do: "go", to: "incidents" } });
    expect(shortcutKey("z", "g")).toEqual({ action: { do: "go", to: "status" } });
    expect(shortcutKey("t", "g")).toEqual({});
  });

  it("moves in the list by keys that are no letters", () => {
    expect(navigationKey("ArrowDown")).toEqual({ do: "move", by: 1 });
    expect(navigationKey(" ")).toEqual({ do: "choose" });
    expect(navigationKey("ArrowLeft")).toEqual({ do: "expand", open: false });
    expect(navigationKey("End")).toEqual({ do: "edge", to: "last" });
  });

  it("chooses a reason by 1 to 4 and by nothing else", () => {
    expect(["1", "2", "3", "4"].map(reasonKey)).toEqual([
      "logic",
      "data",
      "context_missing",
      "threshold",
    ]);
    expect(["0", "5", "a", "12"].map(reasonKey)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

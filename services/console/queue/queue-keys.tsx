// Connects single-key shortcuts with the queue and the open finding. Draws nothing.
import { type Target, useTriage } from "../finding/triage.tsx";
import type { KeyAction } from "../model/key-map.ts";
import { useShortcuts } from "../shell/shortcuts.ts";

interface QueueKeysProps {
  /** The open finding, else the selected row; undefined when there is none, or it is not loaded. */
  readonly target: Target | undefined;
  readonly openId: string | undefined;
  readonly onMove: (by: number) => void;
  readonly onOpen: (id: string) => void;
  readonly onClose: () => void;
  readonly onReload: () => void;
}

export function QueueKeys({ target, openId, onMove, onOpen, onClose, onReload }: QueueKeysProps) {
  const triage = useTriage();
  const run = (action: KeyAction): boolean => {
    switch (action.do) {
      case "move":
        onMove(action.by);
        return true;
      case "open":
        if (target) onOpen(target.id);
        return target !== undefined;
      case "close":
        if (openId !== undefined) onClose();
        return openId !== undefined;
      case "refresh":
        onReload();
        return true;
      case "undo":
        triage.undo(target);
        return true;
      case "judge":
        if (target) triage.judge(target, action.verdict);
        return target !== undefined;
      case "start":
        if (target?.status === "new") triage.setStatus(target, "in_progress");
        return target !== undefined;
      case "search":
        document.getElementById("queue-text")?.focus();
        return true;
      default:
        return false;
    }
  };
  useShortcuts(run);
  return null;
}

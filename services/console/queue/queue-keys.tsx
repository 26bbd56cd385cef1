// Connects single-key shortcuts with the queue and what is open in it. Draws nothing.
import { type Target, useTriage } from "../finding/triage.tsx";
import type { KeyAction, Verdict } from "../model/key-map.ts";
import type { QueueItem } from "../model/queue-items.ts";
import { useShortcuts } from "../shell/shortcuts.ts";

interface QueueKeysProps {
  /** The open finding, else the selected one; undefined when there is none, or it is not loaded. */
  readonly target: Target | undefined;
  /** A finding or proposed incident is open. */
  readonly isOpen: boolean;
  /** The selected row. */
  readonly row: QueueItem | undefined;
  readonly mayWrite: boolean;
  readonly onMove: (by: number) => void;
  readonly onOpen: (item: Pick<QueueItem, "type" | "id">) => void;
  readonly onClose: () => void;
  readonly onReload: () => void;
  readonly onExpand: (item: QueueItem, open: boolean) => void;
  readonly onChoose: (item: QueueItem) => void;
  readonly onBulk: () => void;
  readonly onDeclare: () => void;
  /** Undefined: no proposed incident is meant. */
  readonly onJudgeAll: ((verdict: Verdict) => void) | undefined;
}

export function QueueKeys(props: QueueKeysProps) {
  const { target, isOpen, row, mayWrite, onMove, onOpen, onClose, onReload } = props;
  const triage = useTriage();
  const change = (action: KeyAction): boolean => {
    if (!mayWrite) return false;
    switch (action.do) {
      case "judge":
        if (props.onJudgeAll) props.onJudgeAll(action.verdict);
        else if (target) triage.judge(target, action.verdict);
        return target !== undefined || props.onJudgeAll !== undefined;
      case "start":
        if (target?.status === "new") triage.setStatus(target, "in_progress");
        return target !== undefined;
      case "undo":
        triage.undo(target);
        return true;
      case "choose":
        if (row) props.onChoose(row);
        return row !== undefined;
      case "bulk":
        props.onBulk();
        return true;
      case "declare":
        props.onDeclare();
        return true;
      default:
        return false;
    }
  };
  const run = (action: KeyAction): boolean => {
    switch (action.do) {
      case "move":
        onMove(action.by);
        return true;
      case "open":
        if (row) onOpen(row);
        return row !== undefined;
      case "close":
        if (isOpen) onClose();
        return isOpen;
      case "refresh":
        onReload();
        return true;
      case "expand":
        if (row) props.onExpand(row, action.open);
        return row !== undefined;
      case "search":
        document.getElementById("queue-text")?.focus();
        return true;
      default:
        return change(action);
    }
  };
  useShortcuts(run);
  return null;
}

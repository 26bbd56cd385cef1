// Connects single-key shortcuts with the queue and the open finding. Draws nothing.
import type { FindingRow } from "../api/contract.ts";
import { useTriage } from "../finding/triage.tsx";
import type { KeyAction } from "../model/key-map.ts";
import { useShortcuts } from "../shell/shortcuts.ts";

interface QueueKeysProps {
  /** The selected row; undefined when none is, or when it is not loaded. */
  readonly row: FindingRow | undefined;
  readonly openId: string | undefined;
  readonly onMove: (by: number) => void;
  readonly onOpen: (id: string) => void;
  readonly onClose: () => void;
  readonly onReload: () => void;
}

export function QueueKeys({ row, openId, onMove, onOpen, onClose, onReload }: QueueKeysProps) {
  const triage = useTriage();
  const run = (action: KeyAction): boolean => {
    switch (action.do) {
      case "move":
        onMove(action.by);
        return true;
      case "open":
        if (row) onOpen(row.id);
        return row !== undefined;
      case "close":
        if (openId !== undefined) onClose();
        return openId !== undefined;
      case "refresh":
        onReload();
        return true;
      case "undo":
        triage.undo(row);
        return true;
      case "judge":
        if (row) triage.judge(row, action.verdict);
        return row !== undefined;
      case "start":
        if (row?.status === "new") triage.setStatus(row, "in_progress");
        return row !== undefined;
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

// Who sees which board: figures of periods and incidents those who see KPIs; what names rules and sources those
// who see rules; what is of the whole process those who see its state. The console leaves out what is refused.
import type { Capability } from "./permissions.ts";

const BOARD_ACCESS: Readonly<Record<string, Capability>> = {
  kpi: "kpi:read",
  times: "kpi:read",
  operations: "kpi:read",
  detection: "rules:read",
};

export function boardAccess(board: string): Capability {
  const known = Object.hasOwn(BOARD_ACCESS, board) ? BOARD_ACCESS[board] : undefined;
  return known ?? "status:read";
}

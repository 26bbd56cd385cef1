// All boards, in the order of their numbers.
import type { Board } from "./board.ts";
import { DETECTION_BOARD } from "./boards/detection.ts";
import { HEALTH_BOARD } from "./boards/health.ts";
import { KPI_BOARD } from "./boards/kpi.ts";
import { OPERATIONS_BOARD } from "./boards/operations.ts";
import { PIPELINE_BOARD } from "./boards/pipeline.ts";
import { TIMES_BOARD } from "./boards/times.ts";

export const BOARDS: readonly Board[] = [
  KPI_BOARD,
  OPERATIONS_BOARD,
  DETECTION_BOARD,
  TIMES_BOARD,
  PIPELINE_BOARD,
  HEALTH_BOARD,
];

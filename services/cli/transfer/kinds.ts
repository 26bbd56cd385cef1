// All kinds of documents that the program keeps, and which of them go along when an installation is backed
// up or moved. A test fails when a kind is declared that is missing here.
import {
  ACCOUNT_KIND,
  ACCOUNT_NAME_KIND,
  CALENDAR_FEED_KIND,
  SESSION_KIND,
  SETUP_KIND,
  SHIPPER_KIND,
  TOKEN_KIND,
} from "../../api/kinds.ts";
import { COMMENT_KIND } from "../../cases/comments.ts";
import { SOURCE_HEALTH_KIND } from "../../detect/source-monitor.ts";
import { ANNOTATION_KIND } from "../../store/annotation.ts";
import { ANOMALY_DRIFT_KIND } from "../../store/anomaly-drift.ts";
import { BLOCK_KIND } from "../../store/block-list.ts";
import { CHANNEL_PROOF_KIND } from "../../store/channel-proof.ts";
import { DETECTOR_RECORD_KIND } from "../../store/detector-record.ts";
import { DUTY_OVERRIDE_KIND } from "../../store/duty-override.ts";
import { EXCEPTION_KIND } from "../../store/exception.ts";
import { FIGURE_ROW_KIND } from "../../store/figure-row.ts";
import {
  IDENTITY_KIND,
  IDENTITY_MOVE_KIND,
  IDENTITY_REQUEST_KIND,
  PRIVACY_EPOCH_KIND,
} from "../../store/identity.ts";
import { FINDING_KIND, INCIDENT_KIND, SETTING_KIND, SILENCE_KIND } from "../../store/kinds.ts";
import { KPI_KIND, KPI_PERIOD_KIND } from "../../store/kpi.ts";
import { LLM_CALL_KIND } from "../../store/llm-call.ts";
import { MAINTENANCE_KIND } from "../../store/maintenance.ts";
import { MODEL_COMPARISON_KIND, MODEL_KIND, MODEL_PART_KIND } from "../../store/model.ts";
import { MODEL_ROWS_KIND } from "../../store/model-rows.ts";
import { PAGING_OPENINGS_KIND } from "../../store/paging-openings.ts";
import { GROUPING_KIND, PROPOSAL_KIND } from "../../store/proposal.ts";
import { REPORT_KIND, REPORT_PART_KIND } from "../../store/report.ts";
import type { Kind } from "../../store/store.ts";
import { SUSPICION_KIND } from "../../store/suspicion.ts";
import { TEST_PAGE_KIND } from "../../store/test-page.ts";

/** A kind whose documents are carried as they are, whatever is in them. */
export type AnyKind = Kind<unknown>;

/** Name → kind, findings apart: those come with the signals that they have counted. */
export const MOVED_KINDS: ReadonlyMap<string, AnyKind> = new Map(
  [
    INCIDENT_KIND,
    COMMENT_KIND,
    KPI_PERIOD_KIND,
    REPORT_KIND,
    REPORT_PART_KIND,
    SILENCE_KIND,
    EXCEPTION_KIND,
    MAINTENANCE_KIND,
    DUTY_OVERRIDE_KIND,
    PROPOSAL_KIND,
    GROUPING_KIND,
    DETECTOR_RECORD_KIND,
    BLOCK_KIND,
    ANNOTATION_KIND,
    LLM_CALL_KIND,
    SUSPICION_KIND,
    TEST_PAGE_KIND,
    PAGING_OPENINGS_KIND,
    MODEL_KIND,
    MODEL_PART_KIND,
    MODEL_ROWS_KIND,
    SETTING_KIND,
    SOURCE_HEALTH_KIND,
    PRIVACY_EPOCH_KIND,
    IDENTITY_KIND,
    IDENTITY_MOVE_KIND,
    IDENTITY_REQUEST_KIND,
    ACCOUNT_KIND,
    ACCOUNT_NAME_KIND,
    TOKEN_KIND,
    SHIPPER_KIND,
    CALENDAR_FEED_KIND,
  ].map((kind) => [
    kind.name,
    // Its documents are only ever given back to the kind that they came from.
    kind as AnyKind,
  ]),
);

/** Name → why it stays behind. */
const LEFT_KINDS: ReadonlyMap<string, string> = new Map([
  [SESSION_KIND.name, "people sign in again"],
  ["source_reports", "written anew every minute by whoever reads the sources"],
  ["process_status", "each process tells its own while it runs"],
  [MODEL_COMPARISON_KIND.name, "counted anew, of what is asked from then on"],
  [ANOMALY_DRIFT_KIND.name, "told anew by whoever owns the state of the detectors"],
  [CHANNEL_PROOF_KIND.name, "each installation proves its own channels"],
  [KPI_KIND.name, "calculated anew at every start"],
  [FIGURE_ROW_KIND.name, "calculated anew at every start"],
  ["bulk_job", "a bulk change is taken back within minutes, and begun anew elsewhere"],
  ["bulk_chunk", "belongs to a bulk change"],
  [SETUP_KIND.name, "a start without accounts makes a new code"],
]);

/** Every kind that is known here. */
export const KNOWN_KINDS: ReadonlySet<string> = new Set([
  FINDING_KIND.name,
  ...MOVED_KINDS.keys(),
  ...LEFT_KINDS.keys(),
]);

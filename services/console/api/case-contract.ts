// The answers about incidents and about what hides or blocks, as the console uses them: types only.
import type { z } from "zod";
import type { blockAnswer, blockList, containmentAnswer } from "../../api/block-schemas.ts";
import type {
  exceptionAnswer,
  exceptionList,
  hiddenPreview,
  maintenanceAnswer,
  maintenanceList,
} from "../../api/exception-schemas.ts";
import type { draftAnswer, incidentAnswer, incidentPage } from "../../api/incident-schemas.ts";

export type { IncidentRow } from "../../api/incident-schemas.ts";
export type IncidentAnswer = z.infer<typeof incidentAnswer>;
export type Incident = IncidentAnswer["incident"];
export type Step = IncidentAnswer["steps"][number];
export type WorkItem = IncidentAnswer["work"][number];
export type Clock = IncidentAnswer["clocks"][number];
export type IncidentPageAnswer = z.infer<typeof incidentPage>;
export type DraftAnswer = z.infer<typeof draftAnswer>;
export type Containment = z.infer<typeof containmentAnswer>;

export type Exception = z.infer<typeof exceptionAnswer>;
export type ExceptionList = z.infer<typeof exceptionList>;
export type Maintenance = z.infer<typeof maintenanceAnswer>;
export type MaintenanceList = z.infer<typeof maintenanceList>;
export type HiddenPreview = z.infer<typeof hiddenPreview>;
export type Block = z.infer<typeof blockAnswer>;
export type BlockList = z.infer<typeof blockList>;
/** Who proposed, why a second person is needed, and who has agreed. */
export type Consent = Exception["consent"];

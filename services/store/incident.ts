// The incident: a declared case made of findings. It carries the time stamps that the five KPIs are
// calculated from; a time that nobody has entered yet is missing, never guessed.
import { z } from "zod";

const INCIDENT_STATUS = ["open", "closed"] as const;

export const incidentSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  title: z.string().max(300),
  findingIds: z.array(z.string()),
  status: z.enum(INCIDENT_STATUS),
  /** All times in ms UTC. */
  firstCompromiseAt: z.number().optional(),
  detectedAt: z.number().optional(),
  identifiedAt: z.number().optional(),
  containedAt: z.number().optional(),
  recoveredAt: z.number().optional(),
  correctiveCompletedAt: z.number().optional(),
  createdAt: z.number(),
  /** The account that declared it, as its opaque id. */
  createdBy: z.string(),
  tags: z.array(z.string()),
});
export type Incident = z.infer<typeof incidentSchema>;

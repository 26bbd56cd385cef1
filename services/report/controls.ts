// Requirements of ISO/IEC 27001 Annex A and BSI IT-Grundschutz, and what the report shows for each: a file
// that the security officer may edit. What nobody has confirmed is printed as "ungeprüft".
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseDocument } from "yaml";
import { z } from "zod";
import { AppError, messageOf } from "../../config/errors.ts";
import { EVIDENCE, EVIDENCE_KEYS, type EvidenceKey } from "./evidence.ts";
import type { ReportSections } from "./report.ts";

const CONTROLS_FILE = fileURLToPath(new URL("../../config/report-controls.yml", import.meta.url));
const CONTROLS_MAX = 1000;

const evidenceKey = z.string().transform((key, context): EvidenceKey => {
  const found = EVIDENCE_KEYS.find((one) => one === key);
  if (found !== undefined) return found;
  const message = `diesen Nachweis gibt es nicht: ${key}; es gibt ${EVIDENCE_KEYS.join(", ")}`;
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});

const controlSchema = z.strictObject({
  /** As the standard names it: `A.8.15`, `DER.1.A5`. */
  id: z.string().min(1).max(40),
  /** In our own words. */
  title: z.string().min(1).max(200),
  evidence: z.array(evidenceKey).max(20),
  /** Whether the security officer has compared identifier and evidence with the standard. */
  confirmed: z.boolean(),
});

const controlsSchema = z
  .strictObject({
    standards: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(100),
          controls: z.array(controlSchema).max(CONTROLS_MAX),
        }),
      )
      .max(20),
  })
  .refine(
    ({ standards }) =>
      standards.every(
        ({ controls }) => new Set(controls.map(({ id }) => id)).size === controls.length,
      ),
    "jede Kennung darf in einer Norm nur einmal vorkommen",
  );
export type Controls = z.infer<typeof controlsSchema>;

export const controlRowSchema = z.object({
  standard: z.string(),
  id: z.string(),
  title: z.string(),
  isConfirmed: z.boolean(),
  /** What is there, with the section that tells it; none: no evidence. */
  evidence: z.array(z.object({ key: z.string(), section: z.string() })),
});
export const controlsDataSchema = z.object({ rows: z.array(controlRowSchema) });

/** @throws AppError HW_CONFIG_INVALID with all faults at once */
export function readControls(path: string = CONTROLS_FILE): Controls {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw invalid(path, messageOf(cause));
  }
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) throw invalid(path, error.message);
  const fit = controlsSchema.safeParse(document.toJS());
  if (fit.success) return fit.data;
  const faults = fit.error.issues.map(({ path: at, message }) => `${at.join(".")}: ${message}`);
  throw invalid(path, faults.join("\n"));
}

/** Each requirement with what the report shows for it. */
export function controlRows(
  { standards }: Controls,
  data: Omit<ReportSections, "controls">,
): z.infer<typeof controlRowSchema>[] {
  return standards.flatMap(({ name, controls }) =>
    controls.map(({ id, title, confirmed, evidence }) => ({
      ...{ standard: name, id, title, isConfirmed: confirmed },
      evidence: evidence
        .filter((key) => EVIDENCE[key].isThere(data))
        .map((key) => ({ key, section: EVIDENCE[key].section })),
    })),
  );
}

function invalid(place: string, message: string): AppError {
  return new AppError("HW_CONFIG_INVALID", message, {
    place,
    mend: "report.controlsFile auf eine Abschrift von config/report-controls.yml zeigen lassen",
  });
}

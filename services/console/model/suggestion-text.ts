// What the language model said as plain text, for editing and for the figures of its verification.
import type { AnnotationAnswer } from "../api/contract.ts";

/** One line a claim; quoted log text stands in quotation marks. */
export function suggestionText({ claims }: Pick<AnnotationAnswer, "claims">): string {
  return claims
    .map(({ parts }) =>
      parts
        .map((part) => {
          if (part.type === "text") return part.text;
          return part.type === "value" ? `„${part.value}“` : part.value;
        })
        .join(""),
    )
    .join("\n");
}

interface VerificationFigures {
  readonly total: number;
  readonly held: number;
  readonly dropped: number;
}

/** How many claims held; undefined where nothing was verified. */
export function verificationFigures({
  verification,
}: Pick<AnnotationAnswer, "verification">): VerificationFigures | undefined {
  if (verification === undefined) return undefined;
  const dropped = Object.values(verification.dropped).reduce((sum, n) => sum + n, 0);
  const { total } = verification;
  return { total, held: Math.max(0, total - dropped), dropped };
}

// A refusal of a proposal or of the consent to it: a stable code, the place that is meant, and a sentence in
// the language of whoever asks.
import { AppError } from "../../config/errors.ts";
import { PROPOSAL_MESSAGES, type ProposalMessages } from "./proposal-messages.ts";

type ProposalCode =
  | "HW_REQUEST_INVALID"
  | "HW_CONFLICT"
  | "HW_NOT_FOUND"
  | "HW_FORBIDDEN"
  | "HW_EXISTS";

/** @throws nothing; is thrown by services/cases */
export class ProposalFault extends AppError {
  readonly proposalCode: ProposalCode;
  /** Picks the sentence; missing: the code says it all. */
  readonly text: ((messages: ProposalMessages) => string) | undefined;

  constructor(
    code: ProposalCode,
    text?: (messages: ProposalMessages) => string,
    place?: string | undefined,
  ) {
    super(code, text?.(PROPOSAL_MESSAGES.de) ?? code, { place });
    this.name = "ProposalFault";
    this.proposalCode = code;
    this.text = text;
  }
}

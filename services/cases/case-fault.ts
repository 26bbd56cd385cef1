// A refusal in the work on incidents: a stable code, the place that is meant, and a sentence for people in
// the language of whoever asks. The pure transitions throw it; the API and the command line show it.
import { AppError } from "../../config/errors.ts";
import { CASE_MESSAGES, type CaseMessages } from "./case-messages.ts";

export class CaseFault extends AppError {
  readonly caseCode: "HW_REQUEST_INVALID" | "HW_CONFLICT" | "HW_NOT_FOUND";
  /** Picks the sentence. */
  readonly text: (messages: CaseMessages) => string;

  constructor(
    code: CaseFault["caseCode"],
    place: string,
    text: (messages: CaseMessages) => string,
  ) {
    super(code, text(CASE_MESSAGES.de), { place });
    this.name = "CaseFault";
    this.caseCode = code;
    this.text = text;
  }
}

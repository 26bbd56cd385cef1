// What goes wrong in @platformatic/kafka, as our faults: its errors hide the code of the protocol in causes
// and parts, and carry answers that are only partly errors.
import { ResponseError } from "@platformatic/kafka";
import { isCertificateFault } from "./certificate-fault.ts";
import { KAFKA_ERROR, KafkaFault, UNREACHABLE, UNTRUSTED } from "./wire.ts";

/** Waits for an answer; an error anywhere in it is a fault. */
export async function settled<Answer>(what: string, ask: Promise<Answer>): Promise<Answer> {
  try {
    return await ask;
  } catch (error) {
    throw faultOf(error, what);
  }
}

/** Waits for an answer whose parts carry codes that the caller looks at. */
export async function withErrors<Answer>(what: string, ask: Promise<Answer>): Promise<Answer> {
  try {
    return await ask;
  } catch (error) {
    // The library hands the parsed answer over with the error; it has the type of the answer.
    if (error instanceof ResponseError && error.response !== undefined)
      return error.response as Answer;
    throw faultOf(error, what);
  }
}

/** The error code that an answer of the library carries as a whole. */
export function faultOf(error: unknown, what: string): unknown {
  if (!(error instanceof Error)) return error;
  const known = findCode(error);
  const text = `${what}: ${known?.text ?? error.message}`;
  if (known !== undefined) return new KafkaFault(known.code, text, { cause: error });
  if (isCertificateFault(error)) {
    const detail = error.cause instanceof Error ? `: ${error.cause.message}` : "";
    return new KafkaFault(UNTRUSTED, `${text}${detail}`, { cause: error });
  }
  if ("code" in error && /^PLT_KFK_(NETWORK|MULTIPLE)$/.test(String(error.code)))
    return new KafkaFault(UNREACHABLE, text, { cause: error });
  return error;
}

/** Looks through the causes and parts of an error for a code of the protocol. */
function findCode(error: unknown, depth = 0): { code: number; text: string } | undefined {
  if (!(error instanceof Error) || depth > 5) return undefined;
  // What the source of tokens found.
  if (error instanceof KafkaFault) return { code: error.errorCode, text: error.message };
  if ("apiCode" in error && typeof error.apiCode === "number")
    return { code: error.apiCode, text: error.message };
  if ("code" in error && error.code === "PLT_KFK_AUTHENTICATION")
    return {
      code: findCode(error.cause, depth + 1)?.code ?? KAFKA_ERROR.SASL_AUTHENTICATION_FAILED,
      text: error.message,
    };
  for (const part of error instanceof AggregateError ? error.errors : [error.cause]) {
    const found = findCode(part, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

// One incident for the parts of its page: its present state, who reads it, and how a step is sent. After a
// conflict the state that somebody else made is shown, and the form stays open.
import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import type { IncidentAnswer, Step } from "../api/case-contract.ts";
import { ApiError, request } from "../api/client.ts";
import { sessionQuery } from "../api/queries.ts";
import { useSpeech } from "../messages/language.tsx";
import type { DialogStep } from "../model/incident-phase.ts";
import { formFault } from "../shell/form-fault.ts";
import { useToast } from "../shell/toast.tsx";

export interface OpenIncident extends IncidentAnswer {
  /** When the answer came, ms of this computer's clock. */
  readonly answeredAt: number;
  readonly open: (dialog: DialogStep) => void;
}

const IncidentContext = createContext<OpenIncident | undefined>(undefined);
export const IncidentProvider = IncidentContext.Provider;

/** The incident whose page this is. */
export function useIncident(): OpenIncident {
  const value = useContext(IncidentContext);
  if (value === undefined) throw new Error("outside of an incident's page");
  return value;
}

/** Whether the reader may take a step now: by their rights and by the incident's state. */
export function useMay(): (step: Step) => boolean {
  const { steps } = useIncident();
  const { data: session } = useQuery({ ...sessionQuery, staleTime: Number.POSITIVE_INFINITY });
  const mayWrite = session?.capabilities.includes("findings:write") ?? false;
  return (step) => mayWrite && steps.includes(step);
}

/** Sends a step and shows the new state. Rejects with ApiError, after a conflict with the new state shown. */
export function useStep(): (step: Step, body?: object) => Promise<IncidentAnswer> {
  const { incident, version } = useIncident();
  const client = useQueryClient();
  const { messages } = useSpeech();
  return async (step, body = {}) => {
    try {
      const path = `/incidents/${encodeURIComponent(incident.id)}/${step}`;
      const answer = await request<IncidentAnswer>("POST", path, { version, ...body });
      showIncident(client, answer);
      return answer;
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "HW_CONFLICT") throw error;
      if (!isAnswer(error.details)) throw error;
      showIncident(client, error.details);
      throw new ApiError(error.status, error.code, messages.incidents.conflict);
    }
  };
}

/** A step without a form: its refusal goes to the foot of the screen. */
export function useQuickStep(): (step: Step, body?: object) => void {
  const send = useStep();
  const toast = useToast();
  const { messages } = useSpeech();
  return (step, body) =>
    void send(step, body).then(
      () => toast({ text: messages.incidents.saved }),
      (error: unknown) => toast({ text: formFault(error, messages) }),
    );
}

/** Puts an answer in the place of what is known, and asks anew for what hangs on it. */
export function showIncident(client: QueryClient, answer: IncidentAnswer): void {
  const { id } = answer.incident;
  client.setQueryData(["incident", id], answer);
  void client.invalidateQueries({
    queryKey: ["incident"],
    predicate: ({ queryKey }) => queryKey[1] !== id,
  });
  for (const key of ["incidents", "findings", "finding", "summary", "queue"])
    void client.invalidateQueries({ queryKey: [key] });
  for (const key of ["incident-history", "containment"])
    void client.invalidateQueries({ queryKey: [key, id] });
}

// The server answers a conflict with the present state, in the shape of every other answer.
function isAnswer(value: unknown): value is IncidentAnswer {
  return (
    typeof value === "object" &&
    value !== null &&
    "version" in value &&
    "incident" in value &&
    "steps" in value
  );
}

// Whether who is signed in has a right: screens leave out what the server would refuse.
import { useQuery } from "@tanstack/react-query";
import type { Session } from "../api/contract.ts";
import { sessionQuery } from "../api/queries.ts";

/** False while that is not known. */
export function useMay(capability: Session["capabilities"][number]): boolean {
  const { data: session } = useQuery({ ...sessionQuery, staleTime: Number.POSITIVE_INFINITY });
  return session?.capabilities.includes(capability) ?? false;
}

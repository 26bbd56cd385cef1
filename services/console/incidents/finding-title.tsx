// A finding by its title, as soon as that is known; its id until then.
import { useQuery } from "@tanstack/react-query";
import { findingTitleQuery } from "../api/case-queries.ts";
import { HostileText } from "../shell/hostile-text.tsx";

export function FindingTitle({ id }: { readonly id: string }) {
  const { data } = useQuery(findingTitleQuery(id));
  return <HostileText text={data?.finding.detector.title ?? id} />;
}

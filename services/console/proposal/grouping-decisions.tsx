// What people decided about the grouping of these findings, with the way back.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { endGrouping, groupingsQuery } from "../api/queue-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { errorText } from "../shell/error-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { useToast } from "../shell/toast.tsx";

interface GroupingDecisionsProps {
  readonly proposalId: string;
  readonly findingIds: readonly string[];
  readonly mayWrite: boolean;
  readonly onRegrouped: () => void;
}

export function GroupingDecisions(props: GroupingDecisionsProps) {
  const { proposalId, findingIds, mayWrite, onRegrouped } = props;
  const { messages, formats } = useSpeech();
  const client = useQueryClient();
  const toast = useToast();
  const { data } = useQuery(groupingsQuery);
  const texts = messages.grouping;
  const members = new Set(findingIds);
  const inForce = (data?.groupings ?? []).filter(
    ({ grouping }) =>
      grouping.endedAt === undefined &&
      (grouping.proposals.includes(proposalId) ||
        grouping.findings.some(({ id }) => members.has(id)) ||
        grouping.others.some((id) => members.has(id))),
  );
  const takeBack = async (id: string, version: number) => {
    try {
      await endGrouping(id, version);
      toast({ text: texts.takenBack });
      void client.invalidateQueries({ queryKey: ["groupings"] });
      void client.invalidateQueries({ queryKey: ["proposal"] });
      onRegrouped();
    } catch (error) {
      toast({ text: errorText(error, messages) });
    }
  };
  if (inForce.length === 0) return null;
  return (
    <section aria-labelledby="decisions">
      <h3 id="decisions">{texts.decisions}</h3>
      <ul className="history">
        {inForce.map(({ version, grouping }) => {
          const what = texts.decisionLine(
            texts.decision[grouping.decision],
            formats.number(grouping.findings.length),
          );
          return (
            <li key={grouping.id}>
              <time className="tabular muted">{formats.moment(grouping.createdAt)}</time>
              <span>{what}</span>
              {grouping.reason !== undefined && (
                <span>
                  <HostileText text={grouping.reason} />
                </span>
              )}
              {mayWrite && (
                <button
                  type="button"
                  className="link-button"
                  aria-label={`${texts.takeBack}: ${what}`}
                  onClick={() => void takeBack(grouping.id, version)}
                >
                  {texts.takeBack}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

// The story of a proposed incident: its findings in the order of time, each line leading to its finding.
import type { ProposalAnswer } from "../api/contract.ts";
import { useSpeech } from "../messages/language.tsx";
import { tacticName } from "../model/term-name.ts";
import { HostileText } from "../shell/hostile-text.tsx";

interface ProposalStoryProps {
  readonly story: ProposalAnswer["proposal"]["story"];
  readonly onOpenFinding: (id: string) => void;
}

export function ProposalStory({ story, onOpenFinding }: ProposalStoryProps) {
  const { messages, formats } = useSpeech();
  const texts = messages.grouping;
  return (
    <section aria-labelledby="story">
      <h3 id="story">{texts.story}</h3>
      {story.length === 0 ? (
        <p className="muted">{texts.storyNone}</p>
      ) : (
        <ol className="story">
          {story.map((line) => (
            <li key={line.finding} className={`level-${line.level}`}>
              <time className="tabular muted">{formats.moment(line.at)}</time>
              {line.tactic !== undefined && (
                <span className="story-tactic">
                  <HostileText text={tacticName(line.tactic, messages)} />
                </span>
              )}
              <button
                type="button"
                className="link-button story-text"
                onClick={() => onOpenFinding(line.finding)}
              >
                <HostileText text={line.text} />
              </button>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

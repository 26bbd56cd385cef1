// Big numbers of a panel: the last value of each series, for which moment, and the target beside it.
import type { Panel } from "../../../dashboards/board.ts";
import type { BoardPanelAnswer } from "../../api/board-schemas.ts";
import { useSpeech } from "../messages/language.tsx";
import { lastOf, pointTexts, seriesName } from "../model/board-view.ts";
import { figureText } from "../model/figure-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";

export function PanelNumbers({
  panel,
  answer,
}: {
  readonly panel: Panel;
  readonly answer: BoardPanelAnswer;
}) {
  const { messages, language } = useSpeech();
  const hasMoments = panel.query.kind === "figures" && panel.query.interval !== undefined;
  const isAlone = answer.series.filter(({ of }) => of >= 0).length === 1;
  const { rows } = pointTexts(panel, answer, language);
  return (
    <dl className="panel-numbers">
      {answer.series.map((series) => {
        const last = lastOf(series.values);
        const name = seriesName(panel, series, language);
        if (series.of < 0 && last === undefined) return null;
        return (
          <div key={`${series.of} ${name}`} className={series.of < 0 ? "panel-target" : ""}>
            {/* The panel says already what its one number is. */}
            <dt className={isAlone && series.of >= 0 ? "kern-sr-only" : ""}>
              <HostileText text={name} />
            </dt>
            <dd className="tabular">
              {last === undefined
                ? messages.common.none
                : figureText(last.value, panel.unit, language)}
              {hasMoments && last !== undefined && (
                <span className="muted small">{rows[last.at]}</span>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

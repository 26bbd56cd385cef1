// Asks a human whether a version shall be in force: what will be told instead of what, what the comparison says, and
// what both were worth. Going back is the same question about the version before.
import { useQuery } from "@tanstack/react-query";
import { comparisonQuery } from "../api/model-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import {
  comparedCounts,
  figuresOf,
  isOfPresent,
  type ModelVersion,
  type ModelView,
  wordFor,
} from "../model/model-view.ts";
import { FormDialog } from "../shell/form-dialog.tsx";
import { useModelChange } from "./use-model-change.ts";
import { figureText } from "./version-table.tsx";

interface PromoteProps {
  readonly view: ModelView;
  /** The one that will be in force. */
  readonly version: ModelVersion;
  /** Whether it was in force before the present one. */
  readonly isBack: boolean;
  readonly onClose: () => void;
}

export function PromoteDialog({ view, version, isBack, onClose }: PromoteProps) {
  const { messages, formats } = useSpeech();
  const change = useModelChange(view.name);
  const texts = messages.models.promote;
  const number = formats.number(version.version);
  const { active } = view;
  // Others may have changed it meanwhile: what was read here is what is meant.
  const send = () =>
    change(isBack ? "rollback" : "promote", { version: version.version }, texts.done(number));
  return (
    <FormDialog
      title={isBack ? texts.backTitle(number) : texts.title(number)}
      submit={isBack ? texts.backSubmit : texts.submit}
      onSubmit={send}
      onClose={onClose}
    >
      <p>
        {active === undefined
          ? texts.first(number)
          : texts.replaces(number, formats.number(active.version))}
      </p>
      {version.state === "shadow" && <Difference view={view} />}
      <p>{texts.stays}</p>
      <Worth versions={active === undefined ? [version] : [active, version]} />
    </FormDialog>
  );
}

function Difference({ view }: { readonly view: ModelView }) {
  const { messages, formats } = useSpeech();
  const { data } = useQuery(comparisonQuery(view.name));
  const { promote: texts, cases, casesElse } = messages.models;
  const comparison = data?.comparison;
  if (view.active === undefined) return null;
  if (comparison === undefined || comparison.judged === 0 || !isOfPresent(comparison, view))
    return <p>{texts.notCompared}</p>;
  const { judged, onlyShadow, onlyActive } = comparedCounts(comparison);
  const { number } = formats;
  const word = Object.hasOwn(cases, view.name) ? (cases[view.name] ?? casesElse) : casesElse;
  return <p>{texts.compared(number(judged), word, number(onlyShadow), number(onlyActive))}</p>;
}

function Worth({ versions }: { readonly versions: readonly ModelVersion[] }) {
  const { messages, formats } = useSpeech();
  const { promote: texts, figures } = messages.models;
  const columns = versions.map(({ metrics }) => figuresOf(metrics));
  const keys = [...new Set(columns.flat().map(({ key }) => key))];
  return (
    <table className="data">
      <caption className="kern-sr-only">{texts.table}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.figure}</th>
          {versions.map(({ version }) => (
            <th key={version} scope="col" className="number">
              {texts.of(formats.number(version))}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr key={key}>
            <th scope="row">{wordFor(figures, key)}</th>
            {columns.map((column, at) => {
              const figure = column.find((one) => one.key === key);
              return (
                <td key={versions[at]?.version} className="number tabular">
                  {figure === undefined ? messages.common.none : figureText(figure, formats)}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

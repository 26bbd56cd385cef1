// Taking over another incident, and dividing one among several.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { incidentsQuery } from "../api/case-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { SelectField, TextField } from "../shell/fields.tsx";
import { FormDialog } from "../shell/form-dialog.tsx";
import { FindingTitle } from "./finding-title.tsx";
import { useIncident, useStep } from "./use-incident.ts";

const PARTS_MAX = 20;

interface DialogProps {
  readonly onClose: () => void;
}

export function MergeDialog({ onClose }: DialogProps) {
  const { messages, formats } = useSpeech();
  const { incident } = useIncident();
  const step = useStep();
  const { data } = useInfiniteQuery(incidentsQuery({ status: "open" }));
  const [source, setSource] = useState("");
  const { belonging: texts, does, form } = messages.incidents;
  const others = (data?.pages ?? [])
    .flatMap(({ incidents }) => incidents)
    .filter(({ id }) => id !== incident.id);
  const words = Object.fromEntries(
    others.map(({ id, title, createdAt }) => [id, `${title} (${formats.moment(createdAt)})`]),
  );
  return (
    <FormDialog
      title={does.merge}
      submit={does.merge}
      intro={texts.sourceIntro}
      onSubmit={() => step("merge", { source })}
      onClose={onClose}
    >
      {data && others.length === 0 && <p>{texts.noSource}</p>}
      <SelectField
        label={texts.source}
        first
        required
        value={source}
        options={others.map(({ id }) => id)}
        words={words}
        empty={form.choose}
        onChange={setSource}
      />
    </FormDialog>
  );
}

export function SplitDialog({ onClose }: DialogProps) {
  const { messages } = useSpeech();
  const { incident } = useIncident();
  const step = useStep();
  const [titles, setTitles] = useState(() => [1, 2].map((n) => `${incident.title} (${n})`));
  const [placed, setPlaced] = useState<ReadonlyMap<string, number>>(new Map());
  const { belonging: texts, does } = messages.incidents;
  const parts = titles.map((title, at) => ({
    title,
    findingIds: incident.findingIds.filter((id) => (placed.get(id) ?? 0) === at),
  }));
  return (
    <FormDialog
      title={does.split}
      submit={does.split}
      intro={texts.splitIntro}
      onSubmit={() => step("split", { parts })}
      onClose={onClose}
    >
      {titles.map((title, at) => (
        <TextField
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name, and none is taken away
          key={at}
          label={texts.partTitle(at + 1)}
          first={at === 0}
          required
          value={title}
          onChange={(value) => setTitles(titles.map((one, n) => (n === at ? value : one)))}
        />
      ))}
      {titles.length < PARTS_MAX && (
        <button
          type="button"
          className="link-button"
          onClick={() => setTitles([...titles, `${incident.title} (${titles.length + 1})`])}
        >
          {texts.addPart}
        </button>
      )}
      <ul className="case-list">
        {incident.findingIds.map((id) => (
          <li key={id}>
            <span className="grow">
              <FindingTitle id={id} />
            </span>
            <select
              aria-label={texts.goesTo(id)}
              value={placed.get(id) ?? 0}
              onChange={(event) =>
                setPlaced(new Map(placed).set(id, Number(event.currentTarget.value)))
              }
            >
              {titles.map((_, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name, and none is taken away
                <option key={at} value={at}>
                  {texts.part(at + 1)}
                </option>
              ))}
            </select>
          </li>
        ))}
      </ul>
    </FormDialog>
  );
}

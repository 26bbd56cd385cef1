// Saying that an approved entry is in place on the firewall, and since when.
import { useState } from "react";
import type { Block } from "../api/case-contract.ts";
import { useChange } from "../exceptions/use-change.ts";
import { useSpeech } from "../messages/language.tsx";
import { timeOf } from "../model/time-statement.ts";
import { TimeField } from "../shell/fields.tsx";
import { FormDialog } from "../shell/form-dialog.tsx";
import { HostileText } from "../shell/hostile-text.tsx";
import { pathOf } from "./block-table.tsx";

interface CompleteProps {
  readonly block: Block;
  readonly onClose: () => void;
}

export function CompleteBlockDialog({ block, onClose }: CompleteProps) {
  const { messages } = useSpeech();
  const change = useChange();
  const [at, setAt] = useState("");
  const texts = messages.blocks;
  return (
    <FormDialog
      title={texts.completeTitle}
      submit={messages.cases.save}
      onSubmit={() => change(`${pathOf(block)}/complete`, timeOf("at", at), () => texts.completed)}
      onClose={onClose}
    >
      <p className="mono">
        <HostileText text={block.value} />
      </p>
      <TimeField
        label={texts.completeAt}
        hint={texts.completeHint}
        first
        value={at}
        onChange={setAt}
      />
    </FormDialog>
  );
}

// Withdrawing an exception or an entry of a block list, with the reason.
import { type ReactNode, useState } from "react";
import { useSpeech } from "../messages/language.tsx";
import { TextArea } from "../shell/fields.tsx";
import { FormDialog } from "../shell/form-dialog.tsx";
import { useChange } from "./use-change.ts";

interface WithdrawProps {
  /** `/exceptions/<id>` */
  readonly path: string;
  readonly text: string;
  readonly children: ReactNode;
  readonly onClose: () => void;
}

export function WithdrawDialog({ path, text, children, onClose }: WithdrawProps) {
  const { messages } = useSpeech();
  const change = useChange();
  const [reason, setReason] = useState("");
  const texts = messages.cases;
  return (
    <FormDialog
      title={texts.withdrawTitle}
      submit={texts.withdrawTitle}
      intro={text}
      onSubmit={() => change(`${path}/withdraw`, { reason: reason.trim() }, () => texts.withdrawn)}
      onClose={onClose}
    >
      {children}
      <TextArea
        label={texts.reason}
        hint={texts.reasonHint}
        first
        required
        max={500}
        value={reason}
        onChange={setReason}
      />
    </FormDialog>
  );
}

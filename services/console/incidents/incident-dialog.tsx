// Which dialog belongs to which step.
import type { ReactNode } from "react";
import type { DialogStep } from "../model/incident-phase.ts";
import {
  AddActionDialog,
  AddEvidenceDialog,
  AddTaskDialog,
  LinkDialog,
} from "./adding-dialogs.tsx";
import { CloseDialog, EditDialog, ReopenDialog } from "./ending-dialogs.tsx";
import { MergeDialog, SplitDialog } from "./parting-dialogs.tsx";
import { CompromiseDialog, ContainDialog, ImpactDialog, RecoverDialog } from "./step-dialogs.tsx";

interface DialogProps {
  readonly onClose: () => void;
}

const DIALOGS: Readonly<Record<DialogStep, (props: DialogProps) => ReactNode>> = {
  contain: ContainDialog,
  recover: RecoverDialog,
  impact: ImpactDialog,
  compromise: CompromiseDialog,
  close: CloseDialog,
  reopen: ReopenDialog,
  edit: EditDialog,
  "findings/link": LinkDialog,
  "actions/add": AddActionDialog,
  "tasks/add": AddTaskDialog,
  "evidence/add": AddEvidenceDialog,
  merge: MergeDialog,
  split: SplitDialog,
};

export function IncidentDialog({ dialog, onClose }: DialogProps & { readonly dialog: DialogStep }) {
  const Shown = DIALOGS[dialog];
  return <Shown onClose={onClose} />;
}

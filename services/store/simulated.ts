// The tag of findings and incidents that a simulator has made up. They count like others where they are, in
// a demonstration, and every report and board that rests on them says so.

export const SIMULATED_TAG = "simuliert";

/** Whether it was made up for a demonstration. */
export function isSimulated({ tags }: { readonly tags?: readonly string[] | undefined }): boolean {
  return tags?.includes(SIMULATED_TAG) === true;
}

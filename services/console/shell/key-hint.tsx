// The key of a button, shown beside its words. Not read out, and gone while single-key shortcuts are off.
import { usePreferences } from "./preferences.tsx";

export function KeyHint({ name }: { readonly name: string }) {
  const { preferences } = usePreferences();
  if (!preferences.shortcuts) return null;
  return (
    <span aria-hidden="true">
      <kbd>{name}</kbd>
    </span>
  );
}

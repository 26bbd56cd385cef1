// Whether two findings are the same but for names in texts: a name that was first seen in an account field
// is found in command lines from then on, and which of two partitions is read first is chance.

const PSEUDONYM = /^konto-[a-z0-9]{10}$/;
const WORDS = /[\w.$-]+/g;

/** Deep equality, where a word may be a pseudonym on one side and something else on the other. */
export function isSameButNames(one: unknown, other: unknown): boolean {
  if (typeof one === "string" && typeof other === "string") return isSameText(one, other);
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) {
    return Object.is(one, other);
  }
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [left, right] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
  const keys = new Set([...left.keys(), ...right.keys()]);
  return [...keys].every((key) => isSameButNames(left.get(key), right.get(key)));
}

function isSameText(one: string, other: string): boolean {
  if (one === other) return true;
  if (one.replace(WORDS, "w") !== other.replace(WORDS, "w")) return false;
  const words = other.match(WORDS) ?? [];
  return (one.match(WORDS) ?? []).every((word, place) => {
    const counterpart = words[place] ?? "";
    return word === counterpart || PSEUDONYM.test(word) !== PSEUDONYM.test(counterpart);
  });
}

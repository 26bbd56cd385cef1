// Whether two spellings are one address: telephone numbers, which are written in many ways, mail addresses, and
// names in Matrix. Numbers without a country are taken as German ones.
const COUNTRY = "49";
/** Shorter ones are services within one network and not the end of a longer one. */
const NATIONAL_DIGITS_MIN = 5;

export function sameAddress(one: string, other: string): boolean {
  return canonical(one) === canonical(other);
}

function canonical(address: string): string {
  const number = telephoneNumber(address);
  if (number !== undefined) return number;
  const plain = address.normalize("NFC").trim();
  // Mail programs put the name before it.
  const bare = /<([^<>\s]+@[^<>\s]+)>$/.exec(plain)?.[1] ?? plain;
  return bare.toLowerCase();
}

/** With the country and without a plus: `0170 12`, `+49 (0)170 12` and `0049-170-12` are the same. */
function telephoneNumber(address: string): string | undefined {
  const written = address.trim().replace(/^tel:/i, "");
  // A zero in brackets is only for those who call within the country.
  const plain = written
    .replace(/^((?:\+|00)[\d\s]+)\(0\)/, "$1")
    .replace(/[\s()/.\u2010-\u2015-]/g, "");
  const [, plus, digits = ""] = /^(\+?)(\d{3,20})$/.exec(plain) ?? [];
  if (digits === "") return undefined;
  if (plus === "+") return digits;
  if (digits.startsWith("00")) return digits.slice(2);
  if (digits.startsWith("0")) return `${COUNTRY}${digits.slice(1)}`;
  // Gateways leave the plus out.
  const hasCountry =
    digits.startsWith(COUNTRY) && digits.length > COUNTRY.length + NATIONAL_DIGITS_MIN;
  return hasCountry ? digits : `short ${digits}`;
}

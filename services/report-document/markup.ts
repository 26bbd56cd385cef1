// How a text stands in XML and HTML: as itself.

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" },
};

/** Of a text that visibleText has made: control characters would not fit XML. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one);
}

/** The address, when it leads out of the document harmlessly: http or https, without a password. */
export function outsideAddress(url: string): string | undefined {
  if (url.length > ADDRESS_CHARACTERS_MAX || !URL.canParse(url)) return undefined;
  const { protocol, username, password, href } = new URL(url);
  const isWeb = protocol === "https:" || protocol === "http:";
  return isWeb && username === "" && password === "" ? href : undefined;
}

const ADDRESS_CHARACTERS_MAX = 2_000;

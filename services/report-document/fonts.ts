// The typefaces that every PDF carries, and which characters they can draw: Source Sans 3 and Source Code
// Pro (SIL Open Font License), which have the signs of state and trend besides German. A character that no
// face has would break the rules of PDF/A and PDF/UA (no glyph `.notdef`), so it is named in its place.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const FILES = {
  sans: ["@expo-google-fonts/source-sans-3", "400Regular/SourceSans3_400Regular.ttf"],
  strong: ["@expo-google-fonts/source-sans-3", "600SemiBold/SourceSans3_600SemiBold.ttf"],
  code: ["@expo-google-fonts/source-code-pro", "400Regular/SourceCodePro_400Regular.ttf"],
} as const;

/** The bytes of the fonts. */
export function fontFiles(): Buffer[] {
  return [read("sans"), read("strong"), read("code")];
}

let drawn: ReadonlySet<number> | undefined;

/** Whether the text's face can draw the character; the face of code falls back to it. */
export function canDraw(codePoint: number): boolean {
  drawn ??= charactersOf(read("sans"));
  return drawn.has(codePoint);
}

function read(face: keyof typeof FILES): Buffer {
  const [name, file] = FILES[face];
  const require = createRequire(import.meta.url);
  return readFileSync(join(dirname(require.resolve(`${name}/package.json`)), file));
}

/**
 * Code points that a TrueType font maps to a glyph: its table `cmap`, format 4 (OpenType 1.9), which has all
 * of the plane that holds every living script.
 */
export function charactersOf(font: Buffer): ReadonlySet<number> {
  const start = subtable(font, tableStart(font, "cmap"));
  const segments = font.readUInt16BE(start + 6) / 2;
  const ends = start + 14;
  const starts = ends + segments * 2 + 2;
  const deltas = starts + segments * 2;
  const offsets = deltas + segments * 2;
  const found = new Set<number>();
  for (let i = 0; i < segments; i += 1) {
    const first = font.readUInt16BE(starts + i * 2);
    const last = Math.min(font.readUInt16BE(ends + i * 2), 0xff_fe);
    const delta = font.readUInt16BE(deltas + i * 2);
    const offset = font.readUInt16BE(offsets + i * 2);
    for (let code = first; code <= last; code += 1) {
      const place = offsets + i * 2 + offset + (code - first) * 2;
      const glyph = offset === 0 ? code : font.readUInt16BE(place);
      if (glyph !== 0 && ((glyph + delta) & 0xff_ff) !== 0) found.add(code);
    }
  }
  return found;
}

function tableStart(font: Buffer, tag: string): number {
  for (let i = 0; i < font.readUInt16BE(4); i += 1) {
    const record = 12 + i * 16;
    if (font.toString("latin1", record, record + 4) === tag) return font.readUInt32BE(record + 8);
  }
  throw new Error(`the font has no table ${tag}`);
}

function subtable(font: Buffer, cmap: number): number {
  for (let i = 0; i < font.readUInt16BE(cmap + 2); i += 1) {
    const start = cmap + font.readUInt32BE(cmap + 4 + i * 8 + 4);
    if (font.readUInt16BE(start) === 4) return start;
  }
  throw new Error("the font has no character map of format 4");
}

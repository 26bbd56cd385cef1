// The head of a table: one cell a column, those above numbers to the right as the numbers are.

/** What a column is called; `number`: it holds numbers. */
type Head = string | { readonly number: string };

export function ColumnHeads({ heads }: { readonly heads: readonly Head[] }) {
  return (
    <thead>
      <tr>
        {heads.map((head) =>
          typeof head === "string" ? (
            <th key={head} scope="col">
              {head}
            </th>
          ) : (
            <th key={head.number} scope="col" className="number">
              {head.number}
            </th>
          ),
        )}
      </tr>
    </thead>
  );
}

import type { Fact } from './words.ts';

/** A filter as chips; `none` where there is none. */
export function FactChips({ facts, none }: { facts: readonly Fact[]; none: string }) {
  if (facts.length === 0) return <span>{none}</span>;
  return (
    <ul className="flex min-w-0 flex-wrap gap-1" data-testid="filter-chips">
      {facts.map(({ label, values }) => (
        <li key={label} className="min-w-0 rounded border border-edge px-2 py-0.5 text-sm break-words">
          <span className="text-muted">{label} </span>
          {values.join(', ')}
        </li>
      ))}
    </ul>
  );
}

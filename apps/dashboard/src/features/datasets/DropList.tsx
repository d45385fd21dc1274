import Link from 'next/link';
import { jobUrl } from '../../api/client.ts';
import { formatCount } from '../../ui/format.ts';
import { placeOf, type DropGroup, type DropLine } from './drops.ts';

/** What is left out, by reason, with what each means. */
export function DropList({ groups }: { groups: readonly DropGroup[] }) {
  return (
    <ul className="flex flex-col" data-testid="drops">
      {groups.map(({ reason, title, meaning, count, lines }) => (
        <li key={reason} className="flex flex-col gap-1 border-t py-2 first:border-t-0">
          <p className="flex items-baseline gap-2">
            <span className="font-medium">{title}</span>
            <code className="min-w-0 truncate font-mono text-xs text-muted">{reason}</code>
            <span className="tabular ml-auto">{formatCount(count)}</span>
          </p>
          {meaning && <p className="max-w-[72ch] text-sm text-muted">{meaning}</p>}
          {lines.length > 0 && <Lines lines={lines} />}
        </li>
      ))}
    </ul>
  );
}

function Lines({ lines }: { lines: readonly DropLine[] }) {
  return (
    <details>
      <summary className="w-fit text-sm text-muted">Which ones</summary>
      <ul className="mt-1 flex max-h-80 flex-col gap-1.5 overflow-y-auto border-l pl-3" tabIndex={0}>
        {lines.map((line, index) => (
          <li key={index} className="text-sm">
            <Link href={jobUrl(line.job)} className="rounded font-mono text-xs break-all underline underline-offset-2">
              {line.job}
            </Link>
            <span className="text-muted">, {placeOf(line)}: </span>
            <span className="break-words">{line.detail}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

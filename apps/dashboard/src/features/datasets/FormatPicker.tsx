'use client';

import type { ExportFormat } from '@pentimento/contracts';
import { formatGroups, loaderOf } from './formats.ts';

/** The formats by what they are for, each with what it is and how it is loaded. */
export function FormatPicker({
  formats,
  onChoose,
}: {
  formats: readonly ExportFormat[];
  onChoose: (id: string) => void;
}) {
  return (
    <div className="flex flex-col gap-6" data-testid="formats">
      {formatGroups(formats).map((group) => (
        <section key={group.title} aria-label={group.title}>
          <h2 className="mb-1 text-sm font-semibold">{group.title}</h2>
          <ul className="border-b">
            {group.formats.map((format) => (
              <Choice key={format.id} format={format} onChoose={() => onChoose(format.id)} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Choice({ format: { id, title, description }, onChoose }: { format: ExportFormat; onChoose: () => void }) {
  const loader = loaderOf(id);
  return (
    <li className="border-t">
      <button
        type="button"
        onClick={onChoose}
        data-row
        className="grid w-full gap-x-6 gap-y-0.5 px-2 py-2 text-left outline-offset-[-2px] hover:bg-hover lg:grid-cols-[220px_minmax(0,1fr)_minmax(0,1fr)]"
      >
        <span className="min-w-0">
          <span className="font-medium">{title}</span>
          <span className="block font-mono text-xs text-muted">{id}</span>
        </span>
        <span className="min-w-0 text-muted">{description}</span>
        {loader && <code className="min-w-0 font-mono text-xs/5 break-words text-muted">{loader}</code>}
      </button>
    </li>
  );
}

'use client';

import { useQuery } from '@tanstack/react-query';
import { blobUrl } from '../../api/client.ts';
import type { Example } from '@pentimento/client';
import { examplesQuery } from '../../api/queries.ts';
import { shownLanguage, useLanguages } from '../../ui/languages.ts';

/** The repository's example targets, one click each. */
export function ExampleStrip({ chosen, onChoose }: { chosen: string | null; onChoose: (example: Example) => void }) {
  const { data = [] } = useQuery(examplesQuery);
  const languages = useLanguages();
  if (data.length === 0) return null;
  return (
    <section aria-label="Examples" data-testid="examples">
      <h2 className="mb-2 text-sm font-medium">Or take a hard one</h2>
      <ul className="flex gap-2 overflow-x-auto pb-2" tabIndex={0} aria-label="Example targets">
        {data.map((example) => (
          <li key={example.id}>
            <button
              type="button"
              onClick={() => onChoose(example)}
              aria-pressed={chosen === example.id}
              title={example.hard}
              className="block w-32 rounded border-2 border-transparent p-1 text-left outline-offset-[-2px] hover:border-line aria-pressed:border-accent"
            >
              <span className="flex h-20 items-center justify-center overflow-hidden rounded-sm bg-surround p-1">
                <img
                  src={blobUrl(example.image, 256)}
                  alt=""
                  loading="lazy"
                  className="max-h-full max-w-full object-contain"
                />
              </span>
              <span className="mt-1 block truncate text-xs">{example.file.replace(/\.\w+$/, '')}</span>
              <span className="block text-xs text-muted">{shownLanguage(languages, example.language).title}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

'use client';

import type { Job } from '@pentimento/contracts';
import { X } from 'lucide-react';
import Link from 'next/link';
import { useRef } from 'react';
import { problemOf } from '../../api/client.ts';
import { tagUrl } from './model.ts';
import { NewTag } from './NewTag.tsx';
import { useTags } from './useTags.ts';

interface Props {
  job: Pick<Job, 'id' | 'tags'>;
  /** Whether a new tag can be typed. */
  adding: boolean;
  onClose: () => void;
}

/** A job's tags as chips: each leads to the jobs that have it and can be removed. Absent where there is nothing to show. */
export function TagEditor({ job, adding, onClose }: Props) {
  const { tags, save, error } = useTags(job);
  const chips = useRef<HTMLUListElement>(null);
  if (tags.length === 0 && !adding && !error) return null;
  const remove = (tag: string, at: number) => {
    void save((known) => known.filter((other) => other !== tag));
    const buttons = chips.current?.querySelectorAll('button') ?? [];
    (buttons[at + 1] ?? buttons[at - 1])?.focus();
  };
  return (
    <div className="flex min-w-0 basis-full flex-wrap items-center gap-x-2 gap-y-1" data-testid="tags">
      {tags.length > 0 && (
        <ul ref={chips} aria-label="Tags" className="flex max-h-[70px] min-w-0 flex-wrap gap-1 overflow-y-auto">
          {tags.map((tag, at) => (
            <li
              key={tag}
              className="flex h-[26px] max-w-full min-w-0 items-center rounded border border-edge pl-2 text-xs"
            >
              <Link
                href={tagUrl(tag)}
                className="truncate rounded-sm hover:underline"
                title={`Jobs with the tag ${tag}`}
              >
                {tag}
              </Link>
              <button
                type="button"
                aria-label={`Remove the tag ${tag}`}
                onClick={() => remove(tag, at)}
                className="flex size-[24px] shrink-0 items-center justify-center text-muted outline-offset-[-3px] hover:text-ink"
              >
                <X size={12} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
      {adding && <NewTag tags={tags} onSave={save} onClose={onClose} />}
      {Boolean(error) && (
        <p role="alert" className="text-sm">
          The tags are not saved. {problemOf(error).detail}
        </p>
      )}
    </div>
  );
}

'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { buttonLook } from '../../ui/Button.tsx';
import { CommandLine } from '../../ui/CopyButton.tsx';
import { ExampleStrip } from '../submit/ExampleStrip.tsx';

/** One sentence, one action, examples, and a command line to copy. */
export function EmptyJobs() {
  const router = useRouter();
  return (
    <div className="mx-auto flex w-full max-w-[880px] flex-col items-start gap-6 px-4 py-12" data-testid="empty">
      <p className="text-xl">Give Pentimento an image, and watch it become the code that draws it.</p>
      <Link href="/submit" className={buttonLook('solid', 'h-10 px-4')}>
        Submit an image
      </Link>
      <div className="w-full">
        <ExampleStrip
          chosen={null}
          onChoose={(example) => router.push(`/submit?example=${encodeURIComponent(example.id)}`)}
        />
      </div>
      <div className="flex w-full flex-col gap-2">
        <p className="text-sm text-muted">Or from a shell:</p>
        <CommandLine command="npx pentimento refine image.png --language svg" />
      </div>
      <Link href="/?kind=environment" className="text-sm text-muted underline">
        Episodes of environments
      </Link>
    </div>
  );
}

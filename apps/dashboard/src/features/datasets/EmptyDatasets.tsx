import Link from 'next/link';
import { buttonLook } from '../../ui/Button.tsx';
import { CommandLine } from '../../ui/CopyButton.tsx';

/** One sentence, one action, and a command line to copy. */
export function EmptyDatasets() {
  return (
    <div className="mx-auto flex w-full max-w-[880px] flex-col items-start gap-6 px-4 py-12" data-testid="empty">
      <p className="max-w-[60ch] text-xl">
        A dataset is a frozen copy of your trajectories, as files that a trainer loads.
      </p>
      <Link href="/datasets/new" className={buttonLook('solid', 'h-10 px-4')}>
        New dataset
      </Link>
      <div className="flex w-full flex-col gap-2">
        <p className="text-sm text-muted">Or from a shell:</p>
        <CommandLine command="npx pentimento export --format trl-sft --out dataset" />
      </div>
    </div>
  );
}

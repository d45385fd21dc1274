import clsx from 'clsx';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { KeysHelp } from '../keys/KeysDialog.tsx';
import type { Page } from '../keys/keys.ts';
import { ThemeSwitch } from '../ui/ThemeSwitch.tsx';

const links = [
  { href: '/', label: 'Jobs', pages: ['jobs'] },
  { href: '/submit', label: 'Submit', pages: ['submit'] },
  { href: '/datasets', label: 'Datasets', pages: ['datasets', 'dataset', 'new-dataset'] },
  { href: '/system', label: 'System', pages: ['system'] },
] as const satisfies readonly { href: string; label: string; pages: readonly Page[] }[];

/** The frame of every page: one bar, then the page. `bar` replaces the navigation. */
export function Shell({
  page,
  bar,
  fill,
  children,
}: {
  page: Page;
  bar?: ReactNode;
  fill?: boolean;
  children: ReactNode;
}) {
  return (
    <div className={clsx('flex min-h-dvh flex-col', fill && 'md:h-dvh md:overflow-hidden')}>
      <a
        href="#main"
        className="sr-only rounded border bg-panel px-3 py-1 focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50"
      >
        Skip to content
      </a>
      <header className="flex min-h-12 shrink-0 items-center gap-1 border-b bg-panel pr-2 pl-3">
        {bar ?? <Navigation page={page} />}
        <div className="ml-auto flex shrink-0">
          <KeysHelp page={page} />
          <ThemeSwitch />
        </div>
      </header>
      <main id="main" tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 flex-col outline-none">
        {children}
      </main>
    </div>
  );
}

function Navigation({ page }: { page: Page }) {
  return (
    <>
      <Link
        href="/"
        className="flex h-8 items-center gap-2 rounded pr-2 font-semibold tracking-tight"
        aria-label="Pentimento, jobs"
      >
        <Mark />
        <span className="max-sm:hidden">Pentimento</span>
      </Link>
      <nav aria-label="Main" className="ml-2 flex self-stretch max-sm:ml-0">
        {links.map(({ href, label, pages }) => {
          const current = (pages as readonly Page[]).includes(page);
          return (
            <Link
              key={href}
              href={href}
              aria-current={current ? 'page' : undefined}
              className={clsx(
                '-mb-px flex items-center border-b-2 px-3 outline-offset-[-4px] max-sm:px-1.5',
                current ? 'border-accent' : 'border-transparent text-muted hover:text-ink',
              )}
            >
              {label}
            </Link>
          );
        })}
      </nav>
    </>
  );
}

/** The logo: a square over the trace of an earlier one. */
function Mark() {
  return (
    <svg viewBox="0 0 32 32" width={20} height={20} aria-hidden>
      <rect
        x={3}
        y={3}
        width={19}
        height={19}
        rx={3}
        fill="none"
        stroke="currentColor"
        strokeOpacity={0.4}
        strokeWidth={2.5}
      />
      <rect x={10} y={10} width={19} height={19} rx={3} className="fill-accent" />
    </svg>
  );
}

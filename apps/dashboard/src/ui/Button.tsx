import clsx from 'clsx';
import type { ComponentProps } from 'react';

/** How prominent a button is. */
type Kind = 'plain' | 'solid' | 'quiet';

const looks: Record<Kind, string> = {
  plain: 'border border-edge bg-panel hover:bg-hover',
  solid: 'border border-ink bg-ink text-page hover:opacity-90',
  quiet: 'border border-transparent text-muted hover:bg-hover hover:text-ink',
};

export function buttonLook(kind: Kind = 'plain', className = 'h-8 px-3'): string {
  return clsx(
    'inline-flex shrink-0 items-center justify-center gap-2 rounded text-base whitespace-nowrap select-none',
    'disabled:opacity-50 aria-disabled:opacity-50',
    looks[kind],
    className,
  );
}

export function Button({ kind = 'plain', className, ...rest }: ComponentProps<'button'> & { kind?: Kind }) {
  return <button type="button" className={buttonLook(kind, className)} {...rest} />;
}

/** A square button with one icon; its name is its tooltip. `className` sets the size, e.g. `size-8`. */
export function IconButton({
  name,
  className = 'size-8',
  ...rest
}: Omit<ComponentProps<'button'>, 'name' | 'aria-label'> & { name: string }) {
  return <Button kind="quiet" aria-label={name} title={name} className={className} {...rest} />;
}

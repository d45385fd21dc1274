import clsx from 'clsx';
import type { ComponentProps } from 'react';
import { buttonLook } from './Button.tsx';

/** A button that is pressed or not. Its icon is filled while it is pressed. */
export function ToggleButton({
  pressed,
  className,
  ...rest
}: Omit<ComponentProps<'button'>, 'aria-pressed'> & { pressed: boolean }) {
  const look = buttonLook('plain', 'h-7 gap-1.5! px-2 text-sm!');
  return (
    <button
      type="button"
      aria-pressed={pressed}
      className={clsx(
        look,
        pressed && 'border-accent! shadow-[inset_0_0_0_1px_var(--accent)] [&_svg]:fill-accent [&_svg]:text-accent',
        className,
      )}
      {...rest}
    />
  );
}

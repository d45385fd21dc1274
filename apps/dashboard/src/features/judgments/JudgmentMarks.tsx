import { ArrowDown, ArrowUp, MessageSquare, ThumbsDown, ThumbsUp, type LucideIcon } from 'lucide-react';
import type { JudgmentMarks as Marks } from './model.ts';

const icons: Record<keyof Marks, LucideIcon> = {
  accepted: ThumbsUp,
  rejected: ThumbsDown,
  better: ArrowUp,
  worse: ArrowDown,
  noted: MessageSquare,
};

/** The marks of a judged iteration over its image in the filmstrip; words for them are with the frame. */
export function JudgmentMarks({ marks }: { marks: Marks }) {
  const shown = (Object.keys(icons) as (keyof Marks)[]).filter((mark) => marks[mark]);
  if (shown.length === 0) return null;
  return (
    <span aria-hidden className="absolute top-1 left-1 flex gap-1 rounded-sm border bg-panel p-0.5" data-testid="marks">
      {shown.map((mark) => {
        const Icon = icons[mark];
        return <Icon key={mark} size={12} />;
      })}
    </span>
  );
}

import { ChevronLeft } from 'lucide-react';
import Link from 'next/link';

export function BackToList() {
  return (
    <Link href="/datasets" className="-ml-1 flex min-h-6 w-fit items-center rounded pr-2 text-muted hover:text-ink">
      <ChevronLeft size={16} aria-hidden /> Datasets
    </Link>
  );
}

import Link from 'next/link';
import { buttonLook } from '../ui/Button.tsx';
import { Shell } from '../shell/Shell.tsx';

export default function NotFound() {
  return (
    <Shell page="lost">
      <div className="flex flex-1 flex-col items-center justify-center gap-4 p-4 text-center">
        <h1 className="text-xl font-semibold">There is no page at this address</h1>
        <Link href="/" className={buttonLook()}>
          Go to the jobs
        </Link>
      </div>
    </Shell>
  );
}
